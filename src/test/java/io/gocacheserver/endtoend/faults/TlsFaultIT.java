package io.gocacheserver.endtoend.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.Upstream;
import io.gocacheserver.endtoend.WarmMachines;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestCertificate;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A certificate that is not to be trusted costs a build nothing but its help, and the user learns why. */
@ExtendWith(ReferenceBuild.Resolver.class)
class TlsFaultIT {

    private static WarmMachines machines;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;

    @BeforeAll
    static void prepare(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        machines = WarmMachines.prepare(reference, directory, "example.test/tls");
        service = ServiceProcess.start(directory.resolve("service"));
    }

    @Test
    void trustedCertificateServesBuilds() throws Exception {
        TestCertificate certificate = certificate("localhost", "-1H");
        Upstream upstream = new Upstream(service.url());
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> upstream.ask(exchange).sendTo(exchange),
                        certificate.listen())) {
            GoResult result = build("https://localhost:" + server.port(), caFile(certificate));

            assertThat(result.stderr()).isEmpty();
            assertThat(server.heads()).isNotEmpty();
        }
    }

    @Test
    void untrustedCertificateIsNamed() throws Exception {
        assertNames("(?i)certificat", certificate("localhost", "-1H"));
    }

    @Test
    void expiredCertificateIsNamed() throws Exception {
        TestCertificate certificate = certificate("localhost", "-10d");
        assertNames("(?i)expired", certificate, caFile(certificate));
    }

    @Test
    void certificateOfAnotherHostIsNamed() throws Exception {
        TestCertificate certificate = certificate("elsewhere.test", "-1H");
        assertNames("name matching localhost", certificate, caFile(certificate));
    }

    @Test
    void plainHttpToATlsPortIsNamed() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(exchange -> {}, certificate("localhost", "-1H").listen())) {
            assertSaysOnce(build("http://localhost:" + server.port()), "TLS|https|HTTP");
        }
    }

    @Test
    void tlsToAPlainPortIsNamed() throws Exception {
        assertSaysOnce(build(service.url().replace("http://", "https://")), "TLS");
    }

    private void assertNames(String cause, TestCertificate certificate, String... options)
            throws Exception {
        try (ScriptedServer server = new ScriptedServer(exchange -> {}, certificate.listen())) {
            assertSaysOnce(build("https://localhost:" + server.port(), options), cause);
            assertThat(server.heads()).as("requests, with a token maybe").isEmpty();
        }
    }

    private TestCertificate certificate(String host, String start) throws Exception {
        return new TestCertificate(
                temp, "server", "-ext", "san=dns:" + host, "-startdate", start, "-validity", "1");
    }

    private static String caFile(TestCertificate certificate) throws Exception {
        return "--ca-file=" + certificate.caFile();
    }

    private GoResult build(String url, String... options) throws IOException {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "--time-budget=5s"; // a handshake takes seconds on a busy machine
        return machines.assertBuilds(
                machines.machine(url, temp.resolve("cache"), all), temp.resolve("program"));
    }

    private static void assertSaysOnce(GoResult result, String cause) {
        assertThat(result.adapterLines())
                .as("stderr: %s", result.stderr())
                .hasSize(1)
                .first()
                .asString()
                .containsPattern(cause);
    }
}
