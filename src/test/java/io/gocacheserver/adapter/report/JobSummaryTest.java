package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.testing.Reports;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class JobSummaryTest {

    private final JobSummary summary = new JobSummary();

    @Test
    void namesTheWorstCommandsAndWhatTheCacheDid() {
        summary.add(Reports.warm(), context("/usr/bin/go", "test", "./..."));
        summary.add(Reports.local(), context("go", "vet", "./..."));
        summary.add(misses(7), context("go", "build", "-run=a|b", "`x`\nx"));
        summary.addSaved(41_900);

        assertThat(summary.line(Reports.warm()))
                .isEqualTo(
                        "hit rate 99 %; 1.06 s waiting for gets; about 41 s of work saved;"
                                + " slowest: go test ./... (2.34 s);"
                                + " most misses: go build -run=a|b `x` x (7 of 10 gets)");
        assertThat(summary.markdown(3, Reports.warm()))
                .isEqualTo(
                        """

                        | Go build cache | |
                        |---|---|
                        | `go` commands | 3 |
                        | Gets | 301: 12 from the local disk, 287 from the service, 2 missed |
                        | Hit rate | 99 % |
                        | Waiting for gets | 1.06 s |
                        | Bytes | fetched 21 MB, 60 MB unpacked; uploaded 4.0 kB |
                        | Time saved | about 41 s of work |
                        | Slowest | `go test ./...`, 2.34 s |
                        | Most misses | `go build -run=a\\|b 'x' x`, 7 of 10 gets |
                        | Failed | nothing |

                        """);
    }

    @Test
    void saysWhatFailed() {
        assertThat(summary.markdown(1, Reports.failed()))
                .contains("| Time saved | not known |", "| Failed | the service failed 3 times (")
                .contains("cannot write C:\\cache)")
                .doesNotContain("Slowest", "Most misses");
    }

    @Test
    void isShortWhateverTheCommand() {
        summary.add(Reports.warm(), context("go", "build", "-ldflags=" + "x".repeat(5_000)));

        assertThat(summary.line(Reports.warm())).hasSizeLessThan(400);
    }

    private static SessionReport misses(long misses) {
        return new SessionReport(
                SessionReport.Ending.CLOSED,
                1_000_000L,
                10_000_000L,
                0,
                null,
                Map.of(Count.MISSES, misses, Count.LOCAL_HITS, 3L),
                null,
                null);
    }

    private static BuildContext context(String... command) {
        return new BuildContext(
                "http://cache:8080",
                "1.2",
                "/cache",
                new GoInvocation("/app", List.of(command), Map.of()));
    }
}
