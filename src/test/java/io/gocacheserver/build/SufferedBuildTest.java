package io.gocacheserver.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Access;
import io.gocacheserver.operations.Overview;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

@Isolated("it reads what this process prints")
@ExtendWith(OutputCaptureExtension.class)
class SufferedBuildTest {

    private static final Access READER = Access.of(Access.OPEN.reads(), null, Access.OPEN.by());

    @Test
    void eachBuildThatSufferedIsALine(CapturedOutput output) {
        report(Access.OPEN, READER, Access.OPEN, READER);
        assertThat(output.getOut())
                .contains(
                        "[builds] build 1 suffered: go test of example.com/m by anybody waited 5210 ms,"
                                + " 3 requests failed (last: no answer within 2 s), 2 objects did not come",
                        "build 2 suffered",
                        "build 3 suffered")
                .as("anybody may claim it")
                .doesNotContainPattern("WARN .* build 4 suffered");
    }

    private static void report(Access... clients) {
        String json =
                """
                {"module":"example.com/m","command":"go test","waitMillis":5210,"unsent":2,
                 "serviceFailures":3,"failure":"no answer within 2 s"}
                """;
        Overview.Requests none = new Overview.Requests(0, 0, 0, 0, 0, 0, null);
        Instant now = Instant.parse("2026-11-30T12:00:00Z");
        try (BuildDatabase database = BuildDatabase.inMemory()) {
            BuildStore store = new BuildStore(database, InstantSource.fixed(now));
            Builds builds = new Builds(database, store, new SavedTime(() -> none), _ -> {});
            for (Access client : List.of(clients)) {
                byte[] body = json.getBytes(StandardCharsets.UTF_8);
                builds.add(BuildReportReader.read(body, now, client), client);
            }
        }
    }
}
