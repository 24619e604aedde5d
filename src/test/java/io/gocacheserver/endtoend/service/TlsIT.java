package io.gocacheserver.endtoend.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.Ports;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestCertificates;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** The service's own TLS, by Spring Boot's SSL bundles, and clients with certificates. */
@ExtendWith(ReferenceBuild.Resolver.class)
class TlsIT {

    @TempDir private Path temp;

    @Test
    void aCertificateIsReplacedWithoutARestart(ReferenceBuild reference) throws Exception {
        TestCertificates old = certificates("old");
        TestCertificates renewed = certificates("renewed");
        Path tls = Files.createDirectory(temp.resolve("tls"));
        install(old, tls);
        int port = Ports.free();
        try (ServiceProcess service = service(port, tls, Map.of())) {
            await().atMost(Duration.ofSeconds(90)).until(() -> old.isShownBy(port, "server"));
            String url = "https://localhost:" + port;
            GoResult first = build(reference, url, "first", "--ca-file=" + old.pem("server"));
            assertThat(first.adapterLines()).isEmpty();

            install(renewed, tls);
            await().atMost(Duration.ofSeconds(60)).until(() -> renewed.isShownBy(port, "server"));
            assertThat(service.isRunning()).isTrue();
            GoResult second = build(reference, url, "second", "--ca-file=" + renewed.pem("server"));
            assertThat(second.adapterLines()).isEmpty();
            assertThat(second.compiles()).isEmpty();
        }
    }

    @Test
    void onlyAClientWithACertificateIsServedWhereOneIsNeeded(ReferenceBuild reference)
            throws Exception {
        TestCertificates server = certificates("server-side");
        TestCertificates client = certificates("client-side");
        Path tls = Files.createDirectory(temp.resolve("tls"));
        install(server, tls);
        Path key = client.privateKey("server");
        int port = Ports.free();
        try (ServiceProcess service =
                service(
                        port,
                        tls,
                        Map.of(
                                "SPRING_SSL_BUNDLE_PEM_CACHE_TRUSTSTORE_CERTIFICATE",
                                "file:" + client.pem("server"),
                                "SERVER_SSL_CLIENTAUTH",
                                "need"))) {
            await().atMost(Duration.ofSeconds(90)).until(() -> server.isShownBy(port, "server"));
            String url = "https://localhost:" + port;
            String trust = "--ca-file=" + server.pem("server");
            GoResult without = build(reference, url, "without", trust);
            assertThat(without.adapterLines()).hasSize(1);

            GoResult with =
                    build(
                            reference,
                            url,
                            "with",
                            trust,
                            "--client-cert=" + client.pem("server"),
                            "--client-key=" + key);
            assertThat(with.adapterLines()).isEmpty();
            assertThat(service.isRunning()).isTrue();
        }
    }

    private GoResult build(ReferenceBuild reference, String url, String name, String... options)
            throws IOException {
        Path binary = temp.resolve(name);
        Path cache = reference.copyBaseCache(temp.resolve(name + "-cache"));
        GoResult result =
                GoClient.withAdapter(url, cache, options).build(reference.module(), binary);
        assertThat(binary).hasSameBinaryContentAs(reference.binary());
        return result;
    }

    private ServiceProcess service(int port, Path tls, Map<String, String> more) {
        return ServiceProcess.on(temp.resolve("service"))
                .port(port)
                .with(
                        Map.of(
                                "SPRING_SSL_BUNDLE_PEM_CACHE_RELOADONUPDATE", "true",
                                "SPRING_SSL_BUNDLE_PEM_CACHE_KEYSTORE_CERTIFICATE",
                                        "file:" + tls.resolve("tls.crt"),
                                "SPRING_SSL_BUNDLE_PEM_CACHE_KEYSTORE_PRIVATEKEY",
                                        "file:" + tls.resolve("tls.key"),
                                "SPRING_SSL_BUNDLE_WATCH_FILE_QUIETPERIOD", "1s",
                                "SERVER_SSL_BUNDLE", "cache"))
                .with(more)
                .launch();
    }

    private TestCertificates certificates(String name) throws Exception {
        TestCertificates certificates =
                new TestCertificates(Files.createDirectory(temp.resolve(name)));
        certificates.make("server", "localhost", "-1H");
        return certificates;
    }

    private static void install(TestCertificates certificates, Path tls) throws Exception {
        for (Map.Entry<String, Path> file :
                Map.of(
                                "tls.key", certificates.privateKey("server"),
                                "tls.crt", certificates.pem("server"))
                        .entrySet()) {
            Path next = Files.copy(file.getValue(), tls.resolve(file.getKey() + ".next"));
            Files.move(next, tls.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
