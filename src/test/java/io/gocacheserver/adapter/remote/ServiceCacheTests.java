package io.gocacheserver.adapter.remote;

import static io.gocacheserver.adapter.testing.Objects.action;
import static io.gocacheserver.adapter.testing.Objects.bytes;
import static io.gocacheserver.adapter.testing.Objects.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.ServiceUrl;
import io.gocacheserver.adapter.http.Timeouts;
import io.gocacheserver.adapter.testing.ScriptedServer;
import io.gocacheserver.adapter.text.Rfc3339;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Stream;

class ServiceCacheTests {

    private static final ActionId ACTION = action("compile");
    private static final byte[] OBJECT = bytes("an object");
    private static final OutputId OUTPUT = output(OBJECT);
    private static final String HEADERS = "Go-Output-Id: " + OUTPUT + "\r\n";
    private static final String HIT =
            "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 9\r\n\r\nan object";
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    private static final Timeouts IMPATIENT =
            new Timeouts(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(400));

    @TempDir private Path directory;

    @Test
    void fetchesAnObjectToLocalDisk() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(HIT))) {
            FetchResult result = cache(server.url(), TIMEOUTS).fetch(ACTION);

            assertThat(result).isInstanceOf(FetchResult.Hit.class);
            assertThat(disk().get(ACTION)).isEqualTo(((FetchResult.Hit) result).object());
            assertThat(server.heads().getFirst())
                    .startsWith("GET /action/" + ACTION + " HTTP/1.1\r\n")
                    .contains("\r\nWant-Object: 1\r\n")
                    .contains("\r\nAuthorization: Bearer secret\r\n")
                    .contains("\r\nHost: 127.0.0.1:" + server.port() + "\r\n");
        }
    }

    @Test
    void keepsThePathOfTheBaseUrl() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(HIT))) {
            cache(server.url() + "/go/cache/", TIMEOUTS).fetch(ACTION);

            assertThat(server.heads().getFirst()).startsWith("GET /go/cache/action/" + ACTION);
        }
    }

    @Test
    void keepsTheTimeOfTheEntry() throws IOException {
        String time = "2026-01-02T03:04:05.000000006Z";
        FetchResult result =
                fetch(
                        "HTTP/1.1 200 OK\r\n"
                                + HEADERS
                                + "go-entry-time: "
                                + time
                                + "\r\ncontent-length: 9\r\n\r\nan object");

        assertThat(result).isInstanceOf(FetchResult.Hit.class);
        assertThat(((FetchResult.Hit) result).object().unixNanos()).isEqualTo(Rfc3339.parse(time));
    }

    @Test
    void fetchesEmptyObjects() throws IOException {
        FetchResult result =
                fetch(
                        "HTTP/1.1 200 OK\r\nGo-Output-Id: "
                                + output(new byte[0])
                                + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(result).isInstanceOf(FetchResult.Hit.class);
    }

    @Test
    void takesNotFoundForAMiss() throws IOException {
        assertThat(fetch("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nmiss"))
                .isInstanceOf(FetchResult.Miss.class);
    }

    @Test
    void failsOnBytesThatDoNotHashToTheOutputId() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 9\r\n\r\nan 0bject",
                "other content");
    }

    @Test
    void failsOnAConnectionThatClosesInTheMiddle() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 9\r\n\r\nan o",
                "after 4 of 9 bytes");
    }

    @Test
    void failsOnARedirect() throws IOException {
        failsWith(
                "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
                "302: check the URL");
    }

    @Test
    void failsOnAWebPage() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nHi",
                "web page");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\nGo-Output-Id: ABC\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@\r\nan object",
                "HTTP/1.1 200 OK\r\n@Transfer-Encoding: chunked\r\n\r\n9\r\nan object\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n@Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@Go-Entry-Time: now\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@Content-Length: 9\r\nContent-Length: 8\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@Content-Length: -9\r\n\r\nan object",
                "HTTP/1.1 206 Partial\r\n@Content-Length: 9\r\n\r\nan object",
                "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "SSH-2.0-OpenSSH_9.9\r\n",
                "HTTP/1.1 200 OK\nbare line feeds\n\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                ""
            })
    void failsOnAnyOtherAnswer(String answer) throws IOException {
        failsWith(answer.replace("@", HEADERS), "");
    }

    @Test
    void failsOnAHeadWithoutEnd() throws IOException {
        failsWith("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000), "64 KiB");
    }

    @Test
    void failsWhenNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(cache("http://127.0.0.1:" + port, TIMEOUTS).fetch(ACTION))
                .isInstanceOf(FetchResult.ServiceFailed.class);
    }

    @Test
    void failsWhenTheServiceAcceptsAndNeverAnswers() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Exchange::hang)) {
            assertThat(cache(server.url(), IMPATIENT).fetch(ACTION))
                    .isEqualTo(new FetchResult.ServiceFailed("no byte for 200 ms"));
        }
    }

    @Test
    void failsWhenTheAnswerTricklesForLongerThanAWholeRequestMayTake() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            exchange.send("HTTP/1.1 200 OK\r\n" + HEADERS);
                            exchange.send("Content-Length: 1000000\r\n\r\n");
                            while (true) {
                                exchange.send("x");
                                exchange.pause(50);
                            }
                        })) {
            assertThat(cache(server.url(), IMPATIENT).fetch(ACTION))
                    .isEqualTo(new FetchResult.ServiceFailed("the request took too long"));
            assertThat(filesOnDisk()).isZero();
        }
    }

    @Test
    void asksNoMoreAfterThreeFailures() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange ->
                                exchange.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"))) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            for (int i = 0; i < 3; i++) {
                cache.fetch(ACTION);
            }

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.NotAsked.class);
            assertThat(server.heads()).hasSize(3);
        }
    }

    @Test
    void stillFetchesWithATokenThatMayOnlyRead() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange ->
                                exchange.send(
                                        exchange.head().startsWith("PUT")
                                                ? "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"
                                                : HIT))) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            Upload upload = upload();
            for (int i = 0; i < 3; i++) {
                assertThat(cache.upload(upload)).isInstanceOf(UploadResult.Failed.class);
            }

            assertThat(cache.upload(upload)).isInstanceOf(UploadResult.NotAsked.class);
            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Hit.class);
        }
    }

    @Test
    void fetchesToElsewhereWhenTheLocalDiskFails() throws IOException {
        Files.writeString(directory.resolve(OUTPUT.hex().substring(0, 2)), "no directory");

        assertThat(fetch(HIT))
                .isInstanceOfSatisfying(
                        FetchResult.Hit.class,
                        hit -> {
                            Path file = Path.of(hit.object().path());
                            assertThat(file).exists();
                            assertThat(file.startsWith(directory)).isFalse();
                        });
    }

    @Test
    void uploadsAnObject() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(exchange -> exchange.send("HTTP/1.1 204 Done\r\n\r\n"))) {
            assertThat(cache(server.url(), TIMEOUTS).upload(upload()))
                    .isInstanceOf(UploadResult.Stored.class);
            assertThat(server.heads().getFirst())
                    .startsWith("PUT /" + ACTION + "/" + OUTPUT + " HTTP/1.1\r\n")
                    .contains("\r\nContent-Length: 9\r\n");
            assertThat(server.bodies().getFirst()).isEqualTo(OBJECT);
        }
    }

    private void failsWith(String answer, String reason) throws IOException {
        FetchResult result = fetch(answer);

        assertThat(result).isInstanceOf(FetchResult.ServiceFailed.class);
        assertThat(((FetchResult.ServiceFailed) result).reason()).contains(reason);
        assertThat(disk().get(ACTION)).isNull();
        assertThat(filesOnDisk()).isZero();
    }

    private FetchResult fetch(String answer) throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            exchange.send(answer);
                            exchange.socket().close();
                        })) {
            return cache(server.url(), TIMEOUTS).fetch(ACTION);
        }
    }

    private Upload upload() throws IOException {
        Path file = Files.write(directory.resolve("object"), OBJECT);
        return new Upload(ACTION, OUTPUT, OBJECT.length, file.toString());
    }

    private ServiceCache cache(String url, Timeouts timeouts) {
        return new ServiceCache(
                new HttpClient(ServiceUrl.parse(url), timeouts, 4, System::nanoTime),
                disk(),
                new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                new ZstdDecoders(null),
                "secret",
                "test");
    }

    private NativeCache disk() {
        return new NativeCache(directory.toString(), "1", InstantSource.system());
    }

    private long filesOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).count();
        }
    }
}
