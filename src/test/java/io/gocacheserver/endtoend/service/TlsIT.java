package io.gocacheserver.endtoend.service;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** The service's own TLS, by Spring Boot's SSL bundles, and clients with certificates. */
@ExtendWith(ReferenceBuild.Resolver.class)
class TlsIT {

    @TempDir private Path temp;

    @Test
    void aCertificateIsReplacedWithoutARestart(ReferenceBuild reference) throws Exception {
        TestCertificate old = certificate("old");
        TestCertificate renewed = certificate("renewed");
        Path tls = Files.createDirectory(temp.resolve("tls"));
        install(old, tls);
        int port = Ports.free();
        try (ServiceProcess service = service(port, tls, Map.of())) {
            await().until(() -> old.isShownBy(port));
            String url = "https://localhost:" + port;
            GoResult first = build(reference, url, "first", "--ca-file=" + old.caFile());
            assertThat(first.adapterLines()).isEmpty();

            install(renewed, tls);
            await().until(() -> renewed.isShownBy(port));
            assertThat(service.isRunning()).isTrue();
            GoResult second = build(reference, url, "second", "--ca-file=" + renewed.caFile());
            assertThat(second.adapterLines()).isEmpty();
            assertThat(second.compiles()).isEmpty();
        }
    }

    @Test
    void onlyAClientWithACertificateIsServedWhereOneIsNeeded(ReferenceBuild reference)
            throws Exception {
        TestCertificate server = certificate("server");
        TestCertificate client = certificate("client");
        Path tls = Files.createDirectory(temp.resolve("tls"));
        install(server, tls);
        int port = Ports.free();
        try (ServiceProcess service =
                service(
                        port,
                        tls,
                        Map.of(
                                "SPRING_SSL_BUNDLE_PEM_CACHE_TRUSTSTORE_CERTIFICATE",
                                "file:" + client.caFile(),
                                "SERVER_SSL_CLIENTAUTH",
                                "need"))) {
            await().until(() -> server.isShownBy(port));
            String url = "https://localhost:" + port;
            String trust = "--ca-file=" + server.caFile();
            GoResult without = build(reference, url, "without", trust);
            assertThat(without.adapterLines()).hasSize(1);

            GoResult with =
                    build(
                            reference,
                            url,
                            "with",
                            trust,
                            "--client-cert=" + client.certificateFile(),
                            "--client-key=" + client.keyFile());
            assertThat(with.adapterLines()).isEmpty();
            assertThat(service.isRunning()).isTrue();
        }
    }

    private GoResult build(ReferenceBuild reference, String url, String name, String... options)
            throws IOException {
        Path binary = temp.resolve(name);
        Path cache = reference.copyDependencyCache(temp.resolve(name + "-cache"));
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

    private TestCertificate certificate(String name) throws Exception {
        return new TestCertificate(temp, name, "-ext", "san=dns:localhost");
    }

    private static void install(TestCertificate certificate, Path tls) throws Exception {
        replace(tls.resolve("tls.key"), certificate.keyFile());
        replace(tls.resolve("tls.crt"), certificate.certificateFile());
    }

    private static void replace(Path file, String by) throws IOException {
        Path next = Files.copy(Path.of(by), file.resolveSibling("next"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
