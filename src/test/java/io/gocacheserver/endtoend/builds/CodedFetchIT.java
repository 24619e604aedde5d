package io.gocacheserver.endtoend.builds;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.base64;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.testing.Zstd;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.Waiting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The packaged adapter with the library as it ships: what it asks for, and that it stays silent. */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        architectures = {"amd64", "x86_64", "aarch64"})
class CodedFetchIT {

    private static final ActionId ACTION = action("compile");
    private static final byte[] OBJECT = bytes("an object ".repeat(10_000));

    @TempDir private Path directory;

    @Test
    void fetchesACodedObject() throws Exception {
        Result result = fetch("");

        assertThat(result.asked()).contains("\r\nAccept-Encoding: zstd\r\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void fetchesAPlainObjectInSilenceWhereTheLibraryDoesNotLoad() throws Exception {
        Result result = fetch("-DZstdNativePath=/none");

        assertThat(result.asked()).contains("\r\nAccept-Encoding: identity\r\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void saysOnRequestWhyTheLibraryDoesNotLoad() throws Exception {
        Result result = fetch("-DZstdNativePath=/none", "--verbose");

        assertThat(result.err()).contains("objects came uncompressed: ").contains("/none");
    }

    /** One get and a close; the object must arrive. */
    private Result fetch(String javaOptions, String... more) throws Exception {
        try (ScriptedServer server = new ScriptedServer(CodedFetchIT::answer)) {
            ProcessBuilder builder =
                    new ProcessBuilder(
                            Objects.requireNonNull(System.getProperty("adapter.launcher")),
                            "--server=" + server.url(),
                            "--cache-dir=" + directory.resolve("cache"),
                            "--prefetch-max-bytes=0");
            builder.command().addAll(List.of(more));
            builder.environment().keySet().removeIf(name -> name.startsWith("CACHESERVER_"));
            builder.environment()
                    .put("GO_CACHE_ADAPTER_JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("GO_CACHE_ADAPTER_JAVA_OPTS", javaOptions);
            Path out = directory.resolve("out");
            Path err = directory.resolve("err");
            builder.redirectOutput(Redirect.to(out.toFile()))
                    .redirectError(Redirect.to(err.toFile()));
            Process adapter = builder.start();
            try (OutputStream in = adapter.getOutputStream()) {
                String id = base64(HexFormat.of().parseHex(ACTION.hex()));
                in.write(bytes("{\"ID\":1,\"Command\":\"get\",\"ActionID\":\"" + id + "\"}\n\n"));
                in.write(bytes("{\"ID\":2,\"Command\":\"close\"}\n\n"));
            }
            assertThat(adapter.waitFor(Waiting.LIMIT)).isTrue();

            String name = output(OBJECT).hex();
            Path stored = directory.resolve("cache/" + name.substring(0, 2) + "/" + name + "-d");
            assertThat(stored).hasBinaryContent(OBJECT);
            assertThat(Files.readAllLines(out)).hasSize(3).allMatch(line -> line.startsWith("{"));
            String asked =
                    server.heads().stream()
                            .filter(head -> head.startsWith("GET /action/"))
                            .findFirst()
                            .orElseThrow();
            return new Result(asked, Files.readString(err));
        }
    }

    private static void answer(ScriptedServer.Exchange exchange) throws IOException {
        boolean coded = exchange.head().contains("Accept-Encoding: zstd");
        byte[] body = coded ? Zstd.frame(OBJECT) : OBJECT;
        String coding =
                "Content-Encoding: zstd\r\nX-Uncompressed-Length: " + OBJECT.length + "\r\n";
        exchange.send(
                "HTTP/1.1 200 OK\r\nGo-Output-Id: %s\r\nContent-Length: %d\r\n%s\r\n"
                        .formatted(output(OBJECT), body.length, coded ? coding : ""));
        exchange.send(body);
    }

    private record Result(String asked, String err) {}
}
