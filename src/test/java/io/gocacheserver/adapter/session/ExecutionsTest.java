package io.gocacheserver.adapter.session;

import static io.gocacheserver.adapter.testing.Objects.action;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class ExecutionsTest {

    private final Tally tally = new Tally();
    private final Executions executions = new Executions(tally);

    @Test
    void countsWhatWasPutAfterAMiss() throws InterruptedException {
        executions.begin(action("a"));
        executions.begin(action("b"));
        Thread.sleep(20);
        executions.end(action("a"));

        SessionReport report = tally.report(0);
        assertThat(report.executed()).isEqualTo(1);
        assertThat(report.executionNanos()).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }

    @Test
    void countsNothingTwiceAndNothingThatWasNotAskedFor() {
        executions.end(action("a"));
        executions.begin(action("a"));
        executions.end(action("a"));
        executions.end(action("a"));

        assertThat(tally.report(0).executed()).isEqualTo(1);
    }
}
