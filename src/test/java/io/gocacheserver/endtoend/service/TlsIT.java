package io.gocacheserver.endtoend.service;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoOutcome;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The service's own TLS, by Spring Boot's SSL bundles, and clients with certificates. */
@ExtendWith(ReferenceBuild.Resolver.class)
class TlsIT {

    private static final String TEAM = "team-0123456789abcdef";

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

    @Test
    @Needs(Program.GO)
    void theGoCommandGetsAPrivateModuleByTheTokenThatGoauthTells() throws Exception {
        String module = "corp.example/app";
        TestCertificate certificate = certificate("server");
        Path tls = Files.createDirectory(temp.resolve("tls"));
        install(certificate, tls);
        int port = Ports.free();
        try (ScriptedServer upstream = new ScriptedServer(exchange -> answerModule(exchange));
                ServiceProcess service =
                        service(
                                port,
                                tls,
                                Map.of(
                                        "CACHESERVER_AUTH_TOKENS_0_NAME", "team",
                                        "CACHESERVER_AUTH_TOKENS_0_SECRET", TEAM,
                                        "CACHESERVER_AUTH_TOKENS_0_NAMESPACE", "team",
                                        "CACHESERVER_MODULES_UPSTREAMS_0_PATTERN", "corp.example/*",
                                        "CACHESERVER_MODULES_UPSTREAMS_0_URL", upstream.url(),
                                        "CACHESERVER_MODULES_UPSTREAMS_0_NAMESPACES_0", "team"))) {
            await().until(() -> certificate.isShownBy(port));
            String url = "https://localhost:" + port;
            GoClient go =
                    GoClient.withNativeCache(temp.resolve("cache"))
                            .with(
                                    Map.of(
                                            "GOPROXY",
                                            url + "/mod",
                                            "GONOSUMDB",
                                            module,
                                            "GOMODCACHE",
                                            temp.resolve("modules").toString(),
                                            "GOFLAGS",
                                            "-modcacherw",
                                            "SSL_CERT_FILE",
                                            certificate.caFile()));
            String[] download = {"mod", "download", "-json", module + "@v1.0.0"};
            GoOutcome without = go.with("GOAUTH", "off").outcome(temp, download);
            assertThat(without.exitCode()).isNotZero();
            assertThat(without.printed().stdout()).contains("401");

            String goauth =
                    "%s goauth --server=%s --ca-file=%s"
                            .formatted(ResidentMachine.launcher(), url, certificate.caFile());
            GoOutcome with =
                    go.with("GOAUTH", goauth)
                            .with("CACHESERVER_TOKEN", TEAM)
                            .outcome(temp, download);
            assertThat(with.exitCode()).as("%s, %s", with.printed(), service.log()).isZero();
            assertThat(with.printed().stdout()).contains("\"Sum\": \"h1:");
        }
    }

    private static void answerModule(ScriptedServer.Exchange exchange) throws IOException {
        String path = exchange.request().path();
        if (path.endsWith(".info")) {
            exchange.answer(200, "{\"Version\":\"v1.0.0\"}".getBytes(UTF_8));
        } else if (path.endsWith(".zip")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                zip.putNextEntry(new ZipEntry("corp.example/app@v1.0.0/app.go"));
                zip.write("package app\n".getBytes(UTF_8));
            }
            exchange.answer(200, bytes.toByteArray());
        } else {
            exchange.answer(200, "module corp.example/app\n".getBytes(UTF_8));
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
