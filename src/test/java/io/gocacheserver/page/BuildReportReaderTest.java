package io.gocacheserver.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.web.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

class BuildReportReaderTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void readsWhatAnAdapterSays() {
        ReportedBuild build =
                read(
                        """
                        {"module":"example.com/app","command":"go test","goVersion":"go1.26.3",
                         "localHits":3,"serviceHits":200,"misses":1,"durationMillis":1234,
                         "prefetched":210,"prefetchUsed":200}
                        """);
        assertThat(build.module()).isEqualTo("example.com/app");
        assertThat(build.serviceHits()).isEqualTo(200);
        assertThat(build.durationMillis()).isEqualTo(1234);
        assertThat(build.prefetched()).isEqualTo(210);
        assertThat(build.received()).isEqualTo(NOW);
    }

    @Test
    void whatIsMissingIsNothing() {
        ReportedBuild build = read("{}");
        assertThat(build.module()).isNull();
        assertThat(build.misses()).isZero();
        assertThat(build.prefetched()).isNull();
    }

    @Test
    void passesOverWhatALaterAdapterMayAdd() {
        assertThat(read("{\"module\":\"m\",\"later\":{\"a\":[1,2]}}").module()).isEqualTo("m");
    }

    @Test
    void keepsMarkupAsTheTextThatItIs() {
        assertThat(read("{\"module\":\"<img src=x onerror=alert(1)>\"}").module())
                .isEqualTo("<img src=x onerror=alert(1)>");
    }

    @Test
    void leavesOutWhatSteersTerminalsAndTheDirectionOfText() {
        assertThat(read("{\"module\":\"a\\u001b[31mb\\u202ec\\r\\nd\\ud800e\"}").module())
                .isEqualTo("a[31mbcde");
    }

    @Test
    void cutsLongTexts() {
        String cut = read("{\"module\":\"" + "ü".repeat(3000) + "\"}").module();
        assertThat(cut).isEqualTo("ü".repeat(BuildReportReader.MAX_TEXT) + "…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"misses\":-1}",
                "{\"misses\":1.5}",
                "{\"misses\":\"1\"}",
                "{\"misses\":9007199254740992}",
                "{\"misses\":1e300}",
                "{\"misses\":123456789012345678901234567890}",
                "{\"module\":{}}",
                "{\"module\":7}"
            })
    void refusesWhatIsNoReport(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
    }

    private static ReportedBuild read(String body) {
        return BuildReportReader.read(body.getBytes(StandardCharsets.UTF_8), NOW);
    }
}
