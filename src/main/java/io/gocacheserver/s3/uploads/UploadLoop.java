package io.gocacheserver.s3.uploads;

import org.springframework.context.SmartLifecycle;

import java.time.Duration;

/** The thread that dispatches uploads, as long as the service runs. */
public final class UploadLoop implements SmartLifecycle {

    /** Ends after {@link UploadDrain}. */
    public static final int PHASE = UploadDrain.PHASE - 1;

    private static final Duration TIME_TO_END = Duration.ofSeconds(2);

    private final UploadDispatcher dispatcher;
    private final Thread thread;
    private volatile boolean running;

    public UploadLoop(UploadDispatcher dispatcher) {
        this.dispatcher = dispatcher;
        this.thread = Thread.ofPlatform().daemon().name("upload-dispatcher").unstarted(this::run);
    }

    @Override
    public void start() {
        running = true;
        dispatcher.resume();
        thread.start();
    }

    @Override
    public void stop() {
        dispatcher.stop();
        try {
            thread.join(TIME_TO_END);
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
        return PHASE;
    }

    private void run() {
        try {
            while (!dispatcher.isStopped()) {
                dispatcher.awaitWork(dispatcher.dispatch());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
