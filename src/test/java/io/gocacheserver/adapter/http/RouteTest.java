package io.gocacheserver.adapter.http;

import static io.gocacheserver.testsupport.TestValues.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.SocketServer;
import io.gocacheserver.testsupport.TestCertificate;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** HTTPS with private CAs and client certificates, and the way through proxies, over real sockets. */
class RouteTest {

    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final ScriptedServer.Script OK =
            exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    @TempDir private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static TestCertificate here;

    @SuppressWarnings("NullAway.Init")
    private static TestCertificate client;

    @BeforeAll
    static void makeCertificates()
            throws IOException, GeneralSecurityException, InterruptedException {
        here = new TestCertificate(directory, "here", "-ext", "san=dns:localhost,ip:127.0.0.1");
        client = new TestCertificate(directory, "client");
    }

    @Test
    void trustsAPrivateCa() throws IOException, GeneralSecurityException {
        try (ScriptedServer server = new ScriptedServer(OK, here.listen())) {
            assertThat(status(server.port(), new TlsFiles(null, here.caFile(), null, null)))
                    .isEqualTo(200);
            assertThat(status(server.port(), new TlsFiles(here.caFile(), null, null, null)))
                    .isEqualTo(200);
        }
    }

    @Test
    void doesNotTrustAnUnknownCaAndSaysWhatToDo() throws IOException, GeneralSecurityException {
        try (ScriptedServer server = new ScriptedServer(OK, here.listen())) {
            fails(server.port(), TlsFiles.NONE, "is of a CA that is not trusted here", "--ca-file");
            fails(server.port(), new TlsFiles(client.caFile(), null, null, null), "--ca-file");
            fails(server.port(), new TlsFiles(null, "/no/such.pem", null, null), "/no/such.pem");
        }
    }

    @Test
    void doesNotTakeACertificateForAnotherHost() throws Exception {
        TestCertificate other =
                new TestCertificate(directory, "other", "-ext", "san=dns:other.example");
        try (ScriptedServer server = new ScriptedServer(OK, other.listen())) {
            TlsFiles files = new TlsFiles(null, other.caFile(), null, null);
            fails(server.port(), files, "is not for 127.0.0.1", "--server");
        }
    }

    @Test
    void doesNotTakeACertificateThatHasExpired() throws Exception {
        TestCertificate old =
                new TestCertificate(
                        directory,
                        "old",
                        "-startdate",
                        "-9d",
                        "-validity",
                        "1",
                        "-ext",
                        "san=ip:127.0.0.1");
        try (ScriptedServer server = new ScriptedServer(OK, old.listen())) {
            TlsFiles files = new TlsFiles(null, old.caFile(), null, null);
            fails(server.port(), files, "has expired", "clock");
        }
    }

    @Test
    void showsAClientCertificate() throws IOException, GeneralSecurityException {
        String ca = here.caFile();
        try (ScriptedServer server = new ScriptedServer(OK, here.listenFor(client))) {
            TlsFiles with = new TlsFiles(null, ca, client.certificateFile(), client.keyFile());
            assertThat(status(server.port(), with)).isEqualTo(200);

            TlsFiles without = new TlsFiles(null, ca, null, null);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> status(server.port(), without));
        }
    }

    @Test
    void saysThatAPlainServerDoesNotSpeakTls() throws IOException {
        byte[] nonsense = bytes("HTTP/1.1 400 What?\r\n\r\n");
        try (SocketServer server =
                new SocketServer(
                        client -> {
                            client.getOutputStream().write(nonsense);
                            client.getInputStream().transferTo(OutputStream.nullOutputStream());
                        })) {
            fails(server.port(), TlsFiles.NONE, "does not speak TLS", "http://");
        }
    }

    @Test
    void asksAProxyForAPlainService() throws IOException {
        try (ScriptedServer proxy = new ScriptedServer(OK)) {
            ProxyUrl url = ProxyUrl.parse("http://me:secret@127.0.0.1:" + proxy.port());
            assertThat(status("http://cache.invalid:81/base", new Route(url, TlsFiles.NONE)))
                    .isEqualTo(200);

            assertThat(proxy.heads().getFirst())
                    .startsWith("GET http://cache.invalid:81/base/x HTTP/1.1\r\n")
                    .contains("\r\nHost: cache.invalid:81\r\n")
                    .contains("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n");
        }
    }

    @Test
    void goesThroughATunnelToAServiceWithTls() throws IOException, GeneralSecurityException {
        try (ScriptedServer server = new ScriptedServer(OK, here.listen());
                ScriptedServer proxy = new ScriptedServer(tunnelTo(server.port()))) {
            ProxyUrl url = ProxyUrl.parse("me:secret@127.0.0.1:" + proxy.port());
            TlsFiles files = new TlsFiles(null, here.caFile(), null, null);
            assertThat(status("https://localhost:7", new Route(url, files))).isEqualTo(200);

            assertThat(proxy.heads().getFirst())
                    .startsWith("CONNECT localhost:7 HTTP/1.1\r\n")
                    .contains("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n");
            assertThat(server.heads().getFirst())
                    .startsWith("GET /x HTTP/1.1\r\n")
                    .doesNotContain("Proxy");
        }
    }

    @Test
    void goesThroughATunnelOfAProxyThatSpeaksTlsItself()
            throws IOException, GeneralSecurityException {
        try (ScriptedServer server = new ScriptedServer(OK, here.listen());
                ScriptedServer proxy = new ScriptedServer(tunnelTo(server.port()), here.listen())) {
            ProxyUrl url = ProxyUrl.parse("https://127.0.0.1:" + proxy.port());
            TlsFiles files = new TlsFiles(null, here.caFile(), null, null);

            assertThat(status("https://localhost:7", new Route(url, files))).isEqualTo(200);
        }
    }

    @Test
    void saysWhyAProxyLetsNothingThrough() throws IOException {
        refusedBy("HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n", "407", "user and password");
        refusedBy("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "403 to CONNECT cache:443");
        refusedBy("SSH-2.0\r\n", "the proxy http://127.0.0.1:", "failed");
    }

    private static void refusedBy(String answer, String... messages) throws IOException {
        try (ScriptedServer proxy =
                new ScriptedServer(
                        exchange -> {
                            exchange.send(answer);
                            exchange.hangUp();
                        })) {
            ProxyUrl url = ProxyUrl.parse("me:secret@127.0.0.1:" + proxy.port());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> status("https://cache", new Route(url, TlsFiles.NONE)))
                    .satisfies(e -> assertThat(e).message().contains(messages))
                    .withMessageNotContainingAny("secret");
        }
    }

    private static ScriptedServer.Script tunnelTo(int port) {
        return exchange -> {
            try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
                exchange.send("HTTP/1.1 200 Go\r\n\r\n");
                Thread back = Thread.ofVirtual().start(() -> copy(target, exchange.socket()));
                exchange.socket().getInputStream().transferTo(target.getOutputStream());
                target.shutdownOutput();
                back.join();
            }
        };
    }

    private static void copy(Socket from, Socket to) {
        try (to;
                InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // The test will see.
        }
    }

    private static void fails(int port, TlsFiles files, String... messages) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> status(port, files))
                .satisfies(e -> assertThat(e).message().contains(messages));
    }

    private static int status(int port, TlsFiles files) throws IOException {
        return status("https://127.0.0.1:" + port, new Route(null, files));
    }

    private static int status(String url, Route route) throws IOException {
        try (HttpClient http =
                        new HttpClient(
                                ServiceUrl.parse(url),
                                route,
                                TIMEOUTS,
                                4,
                                Authorization.NONE,
                                System::nanoTime);
                HttpResponse response = http.send(HttpRequest.get("/x", new Headers()))) {
            return response.status();
        }
    }
}
