package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.report.FailureLog;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class DoctorTest {

    private static final String PROBLEM = "Content-Type: application/problem+json\r\n";

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void findsAServiceInGoodOrderAndStoresNothingThere() throws Exception {
        try (ScriptedServer server = new ScriptedServer(exchange -> answer(exchange, 404, 409))) {
            assertThat(examine(server.url())).isTrue();

            assertThat(printed())
                    .contains("ok       service " + server.url() + " answers")
                    .contains("ok       round trip ")
                    .contains("ok       puts are allowed")
                    .contains("ok       cache directory " + directory + " can be written");
            assertThat(server.requests()).allMatch(request -> request.body().length == 0);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void findsARefusedToken() throws Exception {
        try (ScriptedServer server = new ScriptedServer(exchange -> answer(exchange, 401, 401))) {
            assertThat(examine(server.url(), "--token=secret-1")).isFalse();

            assertThat(printed())
                    .contains("refuses gets with 401: the token is wrong")
                    .doesNotContain("secret-1");
            assertThat(server.heads().getFirst()).contains("Authorization: Bearer secret-1");
        }
    }

    @Test
    void warnsOfATokenThatMayNotPutUnlessThatIsMeant() throws Exception {
        try (ScriptedServer server = new ScriptedServer(exchange -> answer(exchange, 404, 403))) {
            assertThat(examine(server.url())).isTrue();
            assertThat(printed()).contains("warning  puts are refused with 403");

            out.reset();
            assertThat(examine(server.url(), "--mode=read-only")).isTrue();
            assertThat(printed()).doesNotContain("puts");
        }
    }

    @Test
    void findsAWebPage() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange ->
                                exchange.send(
                                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: text/html\r\n\r\n"))) {
            assertThat(examine(server.url())).isFalse();
            assertThat(printed()).contains("answered 200 to a get that must miss: check the URL");
        }
    }

    @Test
    void findsAWrongPath() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> exchange.send(problem(404, ProblemType.NOT_FOUND, "")))) {
            assertThat(examine(server.url() + "/wrong")).isFalse();
            assertThat(printed())
                    .contains("has no cache there: check the URL's path, which is /wrong");
        }
    }

    @Test
    void warnsOfAClockThatIsWrong() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange ->
                                exchange.send(
                                        problem(
                                                404,
                                                ProblemType.MISS,
                                                "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n")))) {
            examine(server.url());
            assertThat(printed()).contains("warning  the service's clock is ");
        }
    }

    @Test
    void endsSoonWithAServiceThatNeverAnswers() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Exchange::hang)) {
            assertThat(examine(server.url(), "--request-timeout=200ms")).isFalse();
            assertThat(printed()).contains("is not reachable: ");
        }
    }

    @Test
    void findsADirectoryThatCannotBeUsed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        try (ScriptedServer server = new ScriptedServer(exchange -> answer(exchange, 404, 409))) {
            assertThat(examine(server.url(), "--cache-dir=" + file)).isFalse();
            assertThat(printed()).contains("problem  cache directory " + file);
        }
    }

    @Test
    void warnsOfAStaleSocket() throws Exception {
        Path socket = Files.writeString(directory.resolve("socket"), "");
        try (ScriptedServer server = new ScriptedServer(exchange -> answer(exchange, 404, 409))) {
            examine(server.url(), "--socket=" + socket);
            assertThat(printed()).contains("warning  nobody listens at " + socket);
        }
    }

    @Test
    void tellsOfTheLastFailuresOfBuilds() throws Exception {
        Instant now = Instant.now();
        failed(now.minus(Duration.ofDays(8)), "long ago");
        for (int i = 0; i < 4; i++) {
            failed(now, "failure " + i);
        }
        try (ScriptedServer server = new ScriptedServer(exchange -> answer(exchange, 404, 409))) {
            assertThat(examine(server.url())).isTrue();

            assertThat(printed())
                    .contains("warning  4 failures met builds here lately, see " + directory)
                    .contains(": failure 1", ": failure 2", ": failure 3")
                    .doesNotContain("failure 0", "long ago");
        }
    }

    private void failed(Instant time, String message) {
        new FailureLog(directory.toString(), () -> time).add(message);
    }

    @Test
    void saysWhatItWasToldOfTheEnvironment() throws Exception {
        try (ScriptedServer server = new ScriptedServer(exchange -> answer(exchange, 404, 409))) {
            examine(server.url());
            assertThat(printed()).contains("warning  a sentence").containsPattern("\\d+ warning");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "",
            value = {
                "go-cache-adapter --server=http://examined,",
                "/usr/bin/other --server=http://built,",
                "go-cache-adapter --server=http://built,builds ask http://built",
                "go-cache-adapter --sever=http://built,builds do not find the service",
            })
    void comparesTheServerOfBuildsWithTheOneExamined(String program, @Nullable String warning)
            throws Exception {
        String said = doctor("http://examined").otherServer(program);
        if (warning == null) {
            assertThat(said).isNull();
        } else {
            assertThat(said).startsWith(warning);
        }
    }

    private boolean examine(String url, String... more) throws Exception {
        return doctor(url, more).examine("1.2", List.of("a sentence"));
    }

    private Doctor doctor(String url, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("doctor", "--server=" + url));
        args.add("--cache-dir=" + directory);
        args.add("--socket=" + directory.resolve("none"));
        args.addAll(List.of(more));
        Invocation doctor = CommandLine.parse(args.toArray(String[]::new), Map.of());
        return new Doctor(
                doctor.session(),
                doctor.resident(),
                Map.of("HOME", directory.toString()),
                new Doctor.Findings(new PrintStream(out, true, StandardCharsets.UTF_8)));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String problem(int status, ProblemType type, String headers) {
        String body = "{\"type\":\"" + type.type() + "\"}";
        return "HTTP/1.1 "
                + status
                + " X\r\nContent-Length: "
                + body.length()
                + "\r\n"
                + PROBLEM
                + headers
                + "\r\n"
                + body;
    }

    private static void answer(ScriptedServer.Exchange exchange, int toGets, int toPuts)
            throws java.io.IOException {
        int status = exchange.head().startsWith("GET") ? toGets : toPuts;
        exchange.send(problem(status, ProblemType.MISS, ""));
    }
}
