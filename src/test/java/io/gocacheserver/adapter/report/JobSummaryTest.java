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

        assertThat(summary.line(Reports.warm()))
                .isEqualTo(
                        "hit rate 99 %; 1.05 s waiting for gets; about 41 s of work saved;"
                                + " slowest: go test ./... (2.34 s)\n"
                                + "missed: p|2: evicted (and 4 that follow from it)\n"
                                + "missed: p3: evicted (and 2 that follow from it)\n"
                                + "missed: p5: sources changed (and 1 that follow from it)");
        assertThat(summary.markdown(3, Reports.warm()))
                .isEqualTo(
                        """

                        | Go build cache | |
                        |---|---|
                        | `go` commands | 3 |
                        | Gets | 301: 12 from the local disk, 287 from the service, 2 missed |
                        | Hit rate | 99 % |
                        | Waiting for gets | 1.05 s |
                        | Bytes | fetched 21 MB, 60 MB unpacked; uploaded 4.0 kB |
                        | Time saved | about 41 s of work |
                        | Slowest | `go test ./...`, 2.34 s |
                        | Missed | p\\|2: evicted (and 4 that follow from it) |
                        | Missed | p3: evicted (and 2 that follow from it) |
                        | Missed | p5: sources changed (and 1 that follow from it) |
                        | Failed | nothing |

                        """);
    }

    @Test
    void saysWhatFailed() {
        assertThat(summary.markdown(1, Reports.failed()))
                .contains("| Time saved | not known |", "| Failed | the service failed 3 times (")
                .contains("cannot write C:\\cache)")
                .doesNotContain("Slowest", "Missed");
    }

    @Test
    void isShortWhateverTheCommand() {
        summary.add(Reports.warm(), context("go", "build", "-ldflags=" + "x".repeat(5_000)));

        assertThat(summary.line(Reports.warm())).hasSizeLessThan(400);
    }

    private static BuildContext context(String... command) {
        return new BuildContext(
                "http://cache:8080",
                "1.2",
                "/cache",
                new GoInvocation("/app", List.of(command), Map.of()));
    }
}
