package io.gocacheserver.page;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Takes a point for the {@link History} in each interval, while the service runs. */
final class HistoryRecorder implements SmartLifecycle, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HistoryRecorder.class);

    private final History history;
    private final Supplier<Totals> totals;
    private final Duration interval;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private volatile @Nullable Future<?> recording;

    /**
     * @param timer belongs to the recorder, which ends it
     */
    HistoryRecorder(
            History history,
            Supplier<Totals> totals,
            Duration interval,
            InstantSource clock,
            ScheduledExecutorService timer) {
        this.history = history;
        this.totals = totals;
        this.interval = interval;
        this.clock = clock;
        this.timer = timer;
    }

    @Override
    public void start() {
        recording =
                timer.scheduleAtFixedRate(
                        this::record,
                        interval.toMillis(),
                        interval.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Takes a point now. One that fails must not be the last. */
    void record() {
        try {
            history.record(clock.instant(), totals.get());
        } catch (RuntimeException e) {
            log.warn("a point of the page's charts is missing: {}", e.toString());
        }
    }

    @Override
    public void stop() {
        Future<?> last = recording;
        recording = null;
        if (last != null) {
            last.cancel(false);
        }
    }

    @Override
    public boolean isRunning() {
        return recording != null;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
