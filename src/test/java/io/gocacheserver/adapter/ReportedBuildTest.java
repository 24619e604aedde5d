package io.gocacheserver.adapter;

import static io.gocacheserver.testsupport.TestValues.action;
import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** When the service is told of a build: never while the Go command waits. */
class ReportedBuildTest {

    private static final String PROBLEM =
            "HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nContent-Length: 0\r\n\r\n";
    private static final String TAKEN = "HTTP/1.1 204 No Content\r\nBuild-Id: 7\r\nSaved-Millis: 20750\r\n\r\n";

    @TempDir private Path directory;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean toldTooEarly = new AtomicBoolean();
    private String answer = TAKEN;
    @AutoClose private ScriptedServer service;

    @BeforeEach
    void startService() throws IOException {
        service =
                new ScriptedServer(
                        exchange -> {
                            boolean told = exchange.head().startsWith("POST /builds ");
                            if (told && !over.get()) {
                                toldTooEarly.set(true);
                            }
                            exchange.send(told ? answer : PROBLEM);
                        });
    }

    @Test
    void isToldWhenTheGoCommandHasItsOutput() throws Exception {
        oneShot(miss());

        assertThat(told()).hasSize(1);
        assertThat(told().getFirst())
                .contains("\"misses\":1,")
                .contains("\"ending\":\"closed\"")
                .contains("\"adapterVersion\":\"1.2\"");
        assertThat(toldTooEarly).isFalse();
        assertThat(directory.resolve("cache/go-cache-adapter/last-build")).hasContent("7");
    }

    @Test
    void isToldByTheResidentProcessWhenTheSessionIsOver() throws Exception {
        SharedSessions sessions = new SharedSessions("1.2");

        resident(sessions, miss());
        resident(sessions, miss());

        assertThat(told()).hasSize(2);
        assertThat(told().getLast())
                .contains("\"module\":null,\"command\":\"go test\",\"goVersion\":\"go1.26.1\"");
        assertThat(toldTooEarly).isFalse();
        LaunchServer.WorkReport report = sessions.end(Duration.ofSeconds(10));
        assertThat(report.done())
                .startsWith("served 2 go commands: 2 gets: ")
                .contains(
                        "\nhit rate 0 %; ", "; about 41 s of work saved; slowest: go test ./... (");
    }

    @Test
    void isNotToldIfThatIsSwitchedOff() throws Exception {
        oneShot(miss(), "--report-builds=false");

        assertThat(told()).isEmpty();
    }

    @Test
    void isNotToldIfTheServiceHadNoPartInIt() throws Exception {
        oneShot(close());

        assertThat(told()).isEmpty();
    }

    @Test
    void isToldIfTheGoCommandIsGone() throws Exception {
        oneShot(get(1), "--prefetch-max-bytes=0");

        assertThat(told()).hasSize(1);
        assertThat(told().getFirst()).contains("\"ending\":\"gone\"");
    }

    @Test
    void isNotToldToAServiceThatDoesNotWantToKnow() throws Exception {
        answer = PROBLEM;
        SharedSessions sessions = new SharedSessions("1.2");

        resident(sessions, miss());
        resident(sessions, miss());

        assertThat(told()).hasSize(1);
    }

    private void oneShot(String input, String... flags) throws Exception {
        OneShot.serve(
                options(flags),
                "1.2",
                stream(input),
                new OutputStream() {
                    @Override
                    public void write(int octet) {}

                    @Override
                    public void close() {
                        over.set(true);
                    }
                },
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    }

    private void resident(SharedSessions sessions, String input) throws Exception {
        over.set(false);
        sessions.serve(
                options(),
                new GoInvocation(
                        directory.toString(),
                        List.of("go", "test", "./..."),
                        Map.of("GOVERSION", "go1.26.1")),
                false,
                new RequestReader(stream(input)),
                new ResponseWriter(OutputStream.nullOutputStream()),
                true,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                () -> over.set(true));
    }

    private Options options(String... flags) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.add("--server=" + service.url());
        arguments.add("--cache-dir=" + directory.resolve("cache"));
        return CommandLine.parse(arguments.toArray(String[]::new), Map.of()).session();
    }

    /** The reports that came. */
    private List<String> told() {
        return service.requests().stream()
                .filter(request -> request.head().startsWith("POST /builds "))
                .map(request -> new String(request.body(), StandardCharsets.UTF_8))
                .toList();
    }

    private static InputStream stream(String input) {
        return new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII));
    }

    private static String miss() {
        return get(1) + close();
    }

    private static String get(int id) {
        return "{\"ID\":%d,\"Command\":\"get\",\"ActionID\":\"%s\"}\n\n"
                .formatted(id, Base64.getEncoder().encodeToString(action("missing").bytes()));
    }

    private static String close() {
        return "{\"ID\":9,\"Command\":\"close\"}\n\n";
    }
}
