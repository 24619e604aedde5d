package io.gocacheserver.adapter.remote.service;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.adapter.remote.access.CircuitBreaker;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.testing.Zstd;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

class ObjectUploadTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] LARGE = new byte[1 << 20];
    private static final byte[] SMALL = new byte[100];
    private static final OutputId LARGE_ID = output(LARGE);
    private static final String STORED = "HTTP/1.1 204 Done\r\n\r\n";

    @TempDir private Path directory;

    @BeforeEach
    void writeObjects() throws IOException {
        Files.write(directory.resolve("large"), LARGE);
        Files.write(directory.resolve("small"), SMALL);
    }

    @Test
    void doesNotSendALargeObjectThatTheServiceHas() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(STORED))) {
            assertThat(uploads(server).upload(large("a")))
                    .isInstanceOf(UploadResult.AlreadyThere.class);
            assertThat(server.heads())
                    .singleElement()
                    .asString()
                    .startsWith("PUT /action/" + action("a") + " HTTP/1.1\r\n")
                    .contains("\r\nGo-Output-Id: " + LARGE_ID + "\r\n")
                    .contains("\r\nContent-Length: 0\r\n");
        }
    }

    @Test
    void sendsALargeObjectThatTheServiceLacks() throws IOException {
        try (ScriptedServer server = withoutTwoSteps(409)) {
            assertThat(uploads(server).upload(large("a"))).isInstanceOf(UploadResult.Stored.class);
            assertThat(server.requests().getLast().body()).isEqualTo(LARGE);
            assertThat(requests(server)).containsExactly("/action/", "/" + action("a"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405})
    void sendsWholePutsOnlyToAServiceThatKnowsNoOthers(int status) throws IOException {
        try (ScriptedServer server = withoutTwoSteps(status)) {
            ObjectUpload uploads = uploads(server);
            assertThat(uploads.upload(large("a"))).isInstanceOf(UploadResult.Stored.class);
            assertThat(uploads.upload(large("b"))).isInstanceOf(UploadResult.Stored.class);
            assertThat(requests(server))
                    .containsExactly("/action/", "/" + action("a"), "/" + action("b"));
        }
    }

    @Test
    void sendsASmallObjectOnce() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(STORED))) {
            ObjectUpload uploads = uploads(server);
            assertThat(uploads.upload(small("a"))).isInstanceOf(UploadResult.Stored.class);
            assertThat(uploads.upload(small("b"))).isInstanceOf(UploadResult.AlreadyThere.class);
            assertThat(requests(server)).containsExactly("/" + action("a"), "/action/");
        }
    }

    @Test
    void triesAgainWhatFailsForAMoment() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            if (exchange.number() == 1) {
                                exchange.hangUp();
                            }
                            exchange.send(exchange.number() == 2 ? error(500) : STORED);
                        })) {
            assertThat(uploads(server).upload(small("a"))).isInstanceOf(UploadResult.Stored.class);
            assertThat(server.heads()).hasSize(3);
        }
    }

    @Test
    void givesUpAfterThreeAttemptsAndCountsThemAsOneFailure() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(error(500)))) {
            ObjectUpload uploads = uploads(server);
            assertThat(uploads.upload(small("a")))
                    .isEqualTo(new UploadResult.Failed("it answered 500"));
            assertThat(server.heads()).hasSize(3);
            assertThat(uploads.upload(small("b"))).isInstanceOf(UploadResult.Failed.class);
            assertThat(uploads.upload(small("c"))).isInstanceOf(UploadResult.NotAsked.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {413, 422, 507, 302})
    void doesNotTryAgainWhatIsRefused(int status) throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(error(status)))) {
            assertThat(uploads(server).upload(small("a"))).isInstanceOf(UploadResult.Failed.class);
            assertThat(server.heads()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void sendsNoMoreToAServiceThatLetsItOnlyRead(int status) throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(error(status)))) {
            ObjectUpload uploads = uploads(server);
            assertThat(uploads.upload(small("a"))).isInstanceOf(UploadResult.NotAllowed.class);
            assertThat(uploads.upload(small("b"))).isInstanceOf(UploadResult.NotAllowed.class);
            assertThat(server.heads()).hasSize(1);
        }
    }

    private static ScriptedServer withoutTwoSteps(int status) throws IOException {
        return new ScriptedServer(
                exchange ->
                        exchange.send(
                                exchange.head().startsWith("PUT /action/")
                                        ? error(status)
                                        : STORED));
    }

    private static String error(int status) {
        return "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n";
    }

    /** The first element of each request's path. */
    private static List<String> requests(ScriptedServer server) {
        return server.heads().stream()
                .map(head -> head.substring(4, head.indexOf(' ', 4)))
                .map(path -> path.startsWith("/action/") ? "/action/" : path.substring(0, 65))
                .toList();
    }

    private Upload large(String action) {
        return upload(action, "large", LARGE);
    }

    private Upload small(String action) {
        return upload(action, "small", SMALL);
    }

    private Upload upload(String action, String file, byte[] object) {
        return new Upload(
                action(action), output(object), object.length, directory.resolve(file).toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 400_000, 3_000_000})
    void compressesAnObjectForAServiceThatTakesIt(int size) throws IOException {
        byte[] object = "some text ".repeat(size / 10).getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve("text"), object);
        try (ScriptedServer server = withoutTwoSteps(400)) {
            UploadResult result = coding(server).upload(upload("a", "text", object));
            var put = server.requests().getLast();
            assertThat(result).isEqualTo(new UploadResult.Stored(put.body().length));
            assertThat(put.body().length).isLessThan(size / 5);
            assertThat(com.github.luben.zstd.Zstd.decompress(put.body(), size)).isEqualTo(object);
            assertThat(server.heads().getLast())
                    .contains("\r\nContent-Encoding: zstd\r\n")
                    .contains("\r\nX-Uncompressed-Length: " + object.length + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1000, 3_000_000})
    void sendsAsItIsWhatCompressionWouldNotSave(int size) throws IOException {
        byte[] object = new byte[size];
        new Random(1).nextBytes(object);
        Files.write(directory.resolve("random"), object);
        try (ScriptedServer server = withoutTwoSteps(400)) {
            assertThat(coding(server).upload(upload("a", "random", object)))
                    .isEqualTo(new UploadResult.Stored(size));
            assertThat(server.heads().getLast()).doesNotContain("Content-Encoding");
            assertThat(server.requests().getLast().body()).isEqualTo(object);
        }
    }

    private ObjectUpload coding(ScriptedServer server) throws IOException {
        ServiceAccess service = access(server, new ZstdDecoders(Zstd.library(directory)));
        service.learn(Trait.TAKES_ZSTD);
        return new ObjectUpload(service, new Gate(service.puts), new Gate(service.gets));
    }

    private static ObjectUpload uploads(ScriptedServer server) {
        ServiceAccess service = access(server, new ZstdDecoders(null));
        return new ObjectUpload(service, new Gate(service.puts), new Gate(service.gets));
    }

    private static ServiceAccess access(ScriptedServer server, ZstdDecoders decoders) {
        Timeouts timeouts = new Timeouts(LONG, LONG, LONG);
        return new ServiceAccess(
                new HttpClient(ServiceUrl.parse(server.url()), timeouts, 4, System::nanoTime),
                new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                new CircuitBreaker(2, Duration.ofHours(1), System::nanoTime),
                decoders,
                false,
                "test");
    }
}
