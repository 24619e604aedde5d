package io.gocacheserver.operations;

import org.springframework.context.SmartLifecycle;

import java.time.Duration;

/**
 * The first to be stopped. By then readiness is down; for a moment all requests are still served, so that load balancers
 * and probes can notice before connections are refused.
 */
final class ShutdownDelay implements SmartLifecycle {

    private final Duration delay;
    private final LifecycleLog log;
    private volatile boolean running;

    ShutdownDelay(Duration delay, LifecycleLog log) {
        this.delay = delay;
        this.log = log;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        log.draining(delay);
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }
}
