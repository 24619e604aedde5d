package io.gocacheserver.security.tokens;

import org.springframework.context.SmartLifecycle;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks once a second whether files with static tokens have changed. Reads them, since a Kubernetes secret's mount keeps times. */
public final class TokenRefresh implements SmartLifecycle {

    private final StaticTokens tokens;
    private volatile boolean running;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("token-files").factory());

    public TokenRefresh(StaticTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    public void start() {
        running = true;
        if (tokens.hasFiles()) {
            timer.scheduleWithFixedDelay(tokens::refresh, 1, 1, TimeUnit.SECONDS);
        }
    }

    @Override
    public void stop() {
        running = false;
        timer.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
