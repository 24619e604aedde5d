package io.gocacheserver.operations;

import org.springframework.context.SmartLifecycle;

/** Does something when the service ends, in its phase: the highest is the first. */
final class AtShutdown implements SmartLifecycle {

    private final int phase;
    private final Runnable work;
    private volatile boolean running;

    AtShutdown(int phase, Runnable work) {
        this.phase = phase;
        this.work = work;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        work.run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
