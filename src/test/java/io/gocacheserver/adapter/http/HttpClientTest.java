package io.gocacheserver.adapter.http;

import static io.gocacheserver.testsupport.TestValues.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.SocketServer;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

class HttpClientTest {

    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void keepsAConnectionForTheNextRequest() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(OK));
                HttpClient client = client(server.url())) {
            assertThat(get(client)).isEqualTo("ok");
            assertThat(get(client)).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void keepsAConnectionWhoseSmallAnswerNobodyRead() throws IOException {
        String chunked =
                """
                HTTP/1.1 404 No
                Transfer-Encoding: chunked

                3;x=y
                abc
                A
                0123456789
                0
                Trailer: 1

                """
                        .replace("\n", "\r\n");
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(chunked));
                HttpClient client = client(server.url())) {
            for (int i = 0; i < 3; i++) {
                client.send(HttpRequest.get("/", new Headers())).close();
            }
            assertThat(get(client)).isEqualTo("abc0123456789");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void opensANewConnectionWhenTheServerSaysClose() throws IOException {
        String answer = OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(answer));
                HttpClient client = client(server.url())) {
            assertThat(get(client)).isEqualTo("ok");
            assertThat(get(client)).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void doesNotReuseAConnectionOnWhichMoreCameLater() throws IOException, InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch more = new CountDownLatch(1);
        try (ScriptedServer server =
                        new ScriptedServer(
                                exchange -> {
                                    exchange.send(OK);
                                    if (exchange.number() == 1) {
                                        answered.await();
                                        exchange.send("more");
                                        more.countDown();
                                    }
                                });
                HttpClient client = client(server.url())) {
            assertThat(get(client)).isEqualTo("ok");
            answered.countDown();
            more.await();
            assertThat(get(client)).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void doesNotReuseAConnectionOnWhichMoreCameThanAnnounced() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(OK + "more"));
                HttpClient client = client(server.url())) {
            assertThat(get(client)).isEqualTo("ok");
            assertThat(get(client)).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void sendsAgainWhatMetAConnectionThatTheServerHadClosed() throws IOException {
        try (ScriptedServer server =
                        new ScriptedServer(
                                exchange -> {
                                    if (exchange.number() == 2) {
                                        exchange.hangUp();
                                    }
                                    exchange.send(OK);
                                });
                HttpClient client = client(server.url())) {
            assertThat(get(client)).isEqualTo("ok");
            RequestBody body = RequestBody.of(bytes("again"));
            try (HttpResponse response = client.send(HttpRequest.put("/", new Headers(), body))) {
                assertThat(response.status()).isEqualTo(200);
            }
            assertThat(server.requests().getLast().body()).isEqualTo(bytes("again"));
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void doesNotSendAgainWhatFailedOnANewConnection() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.hangUp());
                HttpClient client = client(server.url())) {
            assertThatIOException().isThrownBy(() -> get(client));
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void skipsInterimAnswers() throws IOException {
        String interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(interim + OK));
                HttpClient client = client(server.url())) {
            assertThat(get(client)).isEqualTo("ok");
        }
    }

    @Test
    void sendsLargeBodiesWhole() throws IOException {
        byte[] large = new byte[300_000];
        large[299_999] = 7;
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(OK));
                HttpClient client = client(server.url())) {
            client.send(HttpRequest.put("/x", new Headers(), RequestBody.of(large))).close();
            assertThat(server.requests().getFirst().body()).isEqualTo(large);
        }
    }

    @Test
    void givesUpOnAServerThatTakesNothing() throws IOException {
        Timeouts impatient =
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300));
        RequestBody large = RequestBody.of(new byte[(1 << 20) - 1]);
        try (ServerSocket listener = narrowListener()) {
            ServiceUrl url = ServiceUrl.parse("http://127.0.0.1:" + listener.getLocalPort());
            try (HttpClient client = new HttpClient(url, impatient, 1, System::nanoTime)) {
                HttpRequest request = HttpRequest.put("/", new Headers(), large);
                assertThatIOException().isThrownBy(() -> client.send(request));
            }
        }
    }

    @Test
    void readsTheAnswerOfAServerThatRefusesABodyEarly() throws IOException {
        String refusal = "HTTP/1.1 413 Large\r\nContent-Length: 2\r\n\r\nno";
        try (SocketServer server = refusing(bytes(refusal));
                HttpClient client = client("http://127.0.0.1:" + server.port())) {
            RequestBody large = RequestBody.of(new byte[20_000_000]);
            HttpRequest request = HttpRequest.put("/", new Headers(), large);
            try (HttpResponse response = client.send(request)) {
                assertThat(response.status()).isEqualTo(413);
            }
        }
    }

    @Test
    void reportsTheFailureOfAServerThatClosesWithoutAnAnswer() throws IOException {
        try (SocketServer server = refusing(new byte[0]);
                HttpClient client = client("http://127.0.0.1:" + server.port())) {
            RequestBody large = RequestBody.of(new byte[20_000_000]);
            HttpRequest request = HttpRequest.put("/", new Headers(), large);
            assertThatIOException().isThrownBy(() -> client.send(request));
        }
    }

    @Test
    void takesNoBodyInTheAnswerToAHead() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(head));
                HttpClient client = client(server.url())) {
            for (int i = 0; i < 2; i++) {
                try (HttpResponse response = client.send(HttpRequest.head("/", new Headers()))) {
                    assertThat(response.contentLength()).isEqualTo(1000);
                }
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void letsNoHeaderBecomeTwo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Headers().add("X", "a\r\nEvil: 1"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Headers().add("X", "a\n"));
    }

    /** Answers before it has read the body, and closes: what is unread then makes the client's next write fail. */
    private static SocketServer refusing(byte[] answer) throws IOException {
        return new SocketServer(
                narrowListener(),
                client -> {
                    assertThat(client.getInputStream().read()).isEqualTo('P');
                    client.getOutputStream().write(answer);
                    client.shutdownOutput();
                });
    }

    /** Takes few bytes before somebody reads them. */
    private static ServerSocket narrowListener() throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReceiveBufferSize(2048);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return listener;
    }

    @Test
    void namesAnUnknownHost() {
        try (HttpClient client = client("http://no-such-host.invalid:80")) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> get(client))
                    .withMessageContaining("host");
        }
    }

    private static HttpClient client(String url) {
        return new HttpClient(ServiceUrl.parse(url), TIMEOUTS, 4, System::nanoTime);
    }

    private static String get(HttpClient client) throws IOException {
        try (HttpResponse response = client.send(HttpRequest.get("/", new Headers()))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] buffer = new byte[5];
            for (int n = response.read(buffer); n >= 0; n = response.read(buffer)) {
                body.write(buffer, 0, n);
            }
            return body.toString(java.nio.charset.StandardCharsets.US_ASCII);
        }
    }
}
