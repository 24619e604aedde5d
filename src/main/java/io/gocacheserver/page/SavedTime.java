package io.gocacheserver.page;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An estimate of the work that the service's answers have spared builds: for each hit of a reported build the mean time that
 * reported builds took for an action that nobody had. It is work, of which a build does several pieces at once, and not
 * time of waiting. Thread-safe.
 */
final class SavedTime implements MeterBinder {

    /** A client's word is not taken for more than this. */
    private static final long MOST_MILLIS_EACH = Duration.ofMinutes(10).toMillis();

    private static final long MOST_ACTIONS = 1_000_000;

    private long executed;
    private long executionMillis;
    private double savedMillis;

    /** Counts a build. Until one has executed an action, hits save nothing. */
    synchronized void add(ReportedBuild build) {
        long actions = Math.min(build.executed(), MOST_ACTIONS);
        executed += actions;
        executionMillis += Math.min(build.executionMillis(), actions * MOST_MILLIS_EACH);
        if (executed > 0) {
            double mean = (double) executionMillis / executed;
            savedMillis += mean * Math.min(build.serviceHits(), MOST_ACTIONS);
        }
    }

    /** In seconds, since the start. */
    synchronized double savedSeconds() {
        return savedMillis / 1000;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionTimer.builder(
                        "gocache.builds.executions",
                        this,
                        SavedTime::executed,
                        SavedTime::executionMillis,
                        TimeUnit.MILLISECONDS)
                .description("Actions that reported builds executed since no cache had them")
                .register(registry);
        FunctionCounter.builder("gocache.builds.saved", this, SavedTime::savedSeconds)
                .description(
                        "Estimated work that hits of the service spared reported builds, at the mean time of their executions")
                .baseUnit("seconds")
                .register(registry);
    }

    private synchronized long executed() {
        return executed;
    }

    private synchronized double executionMillis() {
        return executionMillis;
    }
}
