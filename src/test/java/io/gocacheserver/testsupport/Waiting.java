package io.gocacheserver.testsupport;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import java.time.Duration;

/** The one way in which tests wait: for a condition that is looked at often, and for long before a test fails. */
public final class Waiting {

    /** Longer than a machine takes that is busy with other things too; only a test that fails waits for so long. */
    public static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration INTERVAL = Duration.ofMillis(20);

    private Waiting() {}

    public static ConditionFactory await() {
        return patient(Awaitility.await());
    }

    /**
     * As {@link #await()}.
     *
     * @param what is waited for, for the message
     */
    public static ConditionFactory await(String what) {
        return patient(Awaitility.await(what));
    }

    private static ConditionFactory patient(ConditionFactory condition) {
        return condition.pollDelay(Duration.ZERO).pollInterval(INTERVAL).atMost(LIMIT);
    }
}
