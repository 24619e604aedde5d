package io.gocacheserver.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.cache.Access;
import io.gocacheserver.web.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;

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
    void knowsRepositoryBranchAndJobByTheFactsAndTheEndByItsAge() {
        ReportedBuild build =
                read(
                        """
                        {"ageMillis":60000,"failure":"refused","build":{"module":"m","command":["go","build"],
                         "variables":{"GITHUB_REPOSITORY":"Acme/App","GITHUB_REF":"refs/heads/main","GITHUB_JOB":"test"}}}
                        """);
        assertThat(build.repository()).isEqualTo("acme/app");
        assertThat(build.branch()).isEqualTo("main");
        assertThat(build.job()).isEqualTo("test");
        assertThat(build.received()).isEqualTo(NOW.minusSeconds(60));
        assertThat(build.suffered()).isTrue();
        assertThat(build.namespace()).isEqualTo("global");
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
                "{\"module\":7}",
                "{\"build\":7}",
                "{\"build\":{\"command\":7}}"
            })
    void refusesWhatIsNoReport(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void readsEveryEncodingOfJsonWithItsMarkAndWithout(Charset charset) {
        String report = "{\"module\":\"gär😀\",\"misses\":7}";
        for (String text : List.of(report, "\ufeff" + report)) {
            ReportedBuild build =
                    BuildReportReader.read(text.getBytes(charset), NOW, Access.OPEN).build();
            assertThat(build.module()).as(text).isEqualTo("gär😀");
            assertThat(build.misses()).as(text).isEqualTo(7);
        }
    }

    @Test
    void readsEscapesInNamesAndTexts() {
        ReportedBuild build = read("{\"\\u006dodule\":\"\\ud83d\\ude00\\/\\u0041\"}");
        assertThat(build.module()).isEqualTo("😀/A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"misses\":1e999999999}",
                "{\"misses\":-0.0}",
                "{\"misses\":NaN}",
                "{\"misses\":0x10}",
                "{\"misses\":1} {}",
                "{\"misses\":1}\0",
                "{'misses':1}",
                "{\"module\":\"\n\"}",
                "{\"module\":\"\\x\"}"
            })
    void refusesWhatJsonDoesNotAllow(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
    }

    @Test
    void refusesWhatIsMadeToCostMuch() {
        int length = BuildReportReader.MAX_BYTES - 20;
        for (String body :
                List.of(
                        "[".repeat(length),
                        "{\"a\":".repeat(length / 5),
                        "{\"misses\":" + "9".repeat(length) + "}",
                        "{\"misses\":0." + "0".repeat(length - 2) + "}")) {
            assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
        }
    }

    /** Whatever the bytes are, the answer is a build or the client's mistake. */
    @Test
    void bytesAreABuildOrAMistake() {
        Random random = new Random(20261130);
        int mistakes = 0;
        byte[] report = "{\"module\":\"gär😀\",\"misses\":7}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = i % 2 == 0 ? report.clone() : encoded(report, i);
            for (int change = 0; change <= i % 4; change++) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            try {
                BuildReportReader.read(body, NOW, Access.OPEN);
            } catch (ProblemException e) {
                mistakes++;
            }
        }
        assertThat(mistakes).isBetween(1, 19_999);
    }

    private static byte[] encoded(byte[] report, int which) {
        Charset[] charsets = {
            StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE, Charset.forName("UTF-32LE")
        };
        return new String(report, StandardCharsets.UTF_8)
                .getBytes(charsets[which % charsets.length]);
    }

    private static ReportedBuild read(String body) {
        return BuildReportReader.read(body.getBytes(StandardCharsets.UTF_8), NOW, Access.OPEN)
                .build();
    }
}
