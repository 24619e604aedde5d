package io.gocacheserver.endtoend;

import java.time.Duration;

/**
 * How long a build may take whatever the service does: 1.1 times what it takes without the adapter, and the time budget.
 *
 * @param total the limit
 */
public record TimeLimit(Duration total) {

    /** The adapter's {@code --time-budget} in these tests. */
    public static final String BUDGET_OPTION = "--time-budget=2s";

    private static final Duration BUDGET = Duration.ofSeconds(2);

    /**
     * The same build varies by as much on a machine that does other things too, and a JVM starts. A fault that nothing
     * bounds costs the adapter's read timeout for each of many requests, which is far more.
     */
    private static final Duration NOISE = Duration.ofSeconds(8);

    public static TimeLimit over(Duration nativeBuild) {
        return new TimeLimit(nativeBuild.multipliedBy(11).dividedBy(10).plus(BUDGET).plus(NOISE));
    }
}
