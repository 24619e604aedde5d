package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.testing.Reports;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class JobSummaryTest {

    private final JobSummary summary = new JobSummary();

    @Test
    void namesTheSlowestCommandTheCausesOfMissesAndWhatTheCacheDid() {
        summary.add(Reports.warm(), context("/usr/bin/go", "test", "./..."));
        summary.add(Reports.local(), context("go", "vet", "./..."));
        summary.addSaved(41_900);
        summary.addCauses("0\tp1\tnever seen\n4\tp|2\tevicted\n2\tp3\tevicted\n");
        summary.addCauses("1\tp5\tsources changed\n");
        summary.addCauses("");

        assertThat(summary.lines(Reports.warm()))
                .isEqualTo(
                        "hit rate 99 %; 1.05 s waiting for gets; about 41 s of work saved;"
                                + " slowest: go test ./... (2.34 s)\n"
                                + "missed: p|2: evicted (and 4 that follow from it)\n"
                                + "missed: p3: evicted (and 2 that follow from it)\n"
                                + "missed: p5: sources changed (and 1 that follow from it)");
    }

    @Test
    void isShortWhateverTheCommand() {
        summary.add(Reports.warm(), context("go", "build", "-ldflags=" + "x".repeat(5_000)));

        assertThat(summary.lines(Reports.warm())).hasSizeLessThan(400);
    }

    private static GoInvocation context(String... command) {
        return new GoInvocation("/app", List.of(command), Map.of());
    }
}
