package io.gocacheserver.web.tomcat;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Holds the graceful shutdown up until all answers are with their clients. Spring's own waits for requests that run in a
 * thread, and what sendfile transfers does no more; the phase's timeout bounds this one too.
 */
final class TransferDrain implements SmartLifecycle {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<SlowClientProtocol> protocols = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    void add(SlowClientProtocol protocol) {
        protocols.add(protocol);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        Thread.ofVirtual()
                .name("transfer-drain")
                .start(
                        () -> {
                            stop();
                            callback.run();
                        });
    }

    @Override
    public void stop() {
        try {
            while (running && protocols.stream().anyMatch(SlowClientProtocol::isBusy)) {
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
