package io.gocacheserver.adapter.session;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class TallyTest {

    private static final Duration SOME_TIME = Duration.ofMillis(20);

    private final Tally tally = new Tally();

    @Test
    void countsWhatWasPutAfterAMiss() {
        tally.executionBegins(action("a"));
        tally.executionBegins(action("b"));
        long begun = System.nanoTime();
        await().until(() -> System.nanoTime() - begun >= SOME_TIME.toNanos());
        tally.put(action("a"));

        SessionReport report = tally.report(0);
        assertThat(report.get(Count.EXECUTED)).isEqualTo(1);
        assertThat(report.get(Count.EXECUTION_NANOS)).isGreaterThanOrEqualTo(SOME_TIME.toNanos());
    }

    @Test
    void countsNothingTwiceAndNothingThatWasNotAskedFor() {
        tally.put(action("a"));
        tally.executionBegins(action("a"));
        tally.put(action("a"));
        tally.put(action("a"));

        assertThat(tally.report(0).get(Count.EXECUTED)).isEqualTo(1);
    }
}
