package io.gocacheserver.build;

import io.gocacheserver.operations.Overview;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An estimate of the work that the service has saved: for each hit of a reported build, the mean time that reported builds
 * took to execute an action that missed. It is work, not time of waiting: a build executes several actions at once.
 *
 * <p>Reports are the clients' claims. All of them together count at most as many hits as the service has answered, and at most
 * as many executions as it has answered misses. Thread-safe.
 */
public final class SavedTime implements MeterBinder {

    /** Largest value that one report may claim. */
    private static final long MOST_MILLIS_EACH = Duration.ofMinutes(10).toMillis();

    private final Supplier<Overview.Requests> answered;
    private long executed;
    private double executionMillis;
    private long hits;
    private double savedMillis;

    /**
     * @param answered requests that the service has answered since the start
     */
    SavedTime(Supplier<Overview.Requests> answered) {
        this.answered = answered;
    }

    /** Counts a build; the milliseconds that it counts for. Until one has executed an action, hits save nothing. */
    synchronized long add(ReportedBuild build) {
        Overview.Requests seen = answered.get();
        long executions = Math.min(build.executed(), seen.misses() - executed);
        if (executions > 0) {
            double each = (double) build.executionMillis() / build.executed();
            executed += executions;
            executionMillis += executions * Math.min(each, (double) MOST_MILLIS_EACH);
        }
        long spared = Math.min(build.serviceHits(), seen.hits() - hits);
        if (spared > 0 && executed > 0) {
            double saved = spared * executionMillis / executed;
            hits += spared;
            savedMillis += saved;
            return Math.round(saved);
        }
        return 0;
    }

    /** The time that the hits of one build saved, in milliseconds, counted or not; 0 if it is not known. */
    synchronized long estimateMillis(ReportedBuild build) {
        return executed == 0 ? 0 : Math.round(build.serviceHits() * executionMillis / executed);
    }

    /** In seconds, since the start. */
    public synchronized double savedSeconds() {
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
