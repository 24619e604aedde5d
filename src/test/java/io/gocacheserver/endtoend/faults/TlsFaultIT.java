package io.gocacheserver.endtoend.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.testing.ScriptedServer;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestCertificates;
import io.gocacheserver.endtoend.TimeLimit;
import io.gocacheserver.endtoend.Upstream;
import io.gocacheserver.endtoend.WarmMachines;

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

    @TempDir private Path temp;

    @BeforeAll
    static void prepare(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        machines = WarmMachines.prepare(reference, directory, "example.test/tls");
    }

    @Test
    void trustedCertificateServesBuilds() throws Exception {
        TestCertificates certificates = certificate("localhost", "-1H");
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            Upstream upstream = new Upstream(service.url());
            try (ScriptedServer server =
                    new ScriptedServer(
                            exchange -> upstream.ask(exchange).sendTo(exchange),
                            certificates.serverSocket())) {
                GoResult result = build("https://localhost:" + server.port(), caFile(certificates));

                assertThat(result.stderr()).isEmpty();
                assertThat(server.heads()).isNotEmpty();
            }
        }
    }

    @Test
    void untrustedCertificateIsNamed() throws Exception {
        assertNames("(?i)certificat", certificate("localhost", "-1H"));
    }

    @Test
    void expiredCertificateIsNamed() throws Exception {
        TestCertificates certificates = certificate("localhost", "-10d");
        assertNames("(?i)expired", certificates, caFile(certificates));
    }

    @Test
    void certificateOfAnotherHostIsNamed() throws Exception {
        TestCertificates certificates = certificate("elsewhere.test", "-1H");
        assertNames("name matching localhost", certificates, caFile(certificates));
    }

    @Test
    void plainHttpToATlsPortIsNamed() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {}, certificate("localhost", "-1H").serverSocket())) {
            assertSaysOnce(build("http://localhost:" + server.port()), "TLS|https|HTTP");
        }
    }

    @Test
    void tlsToAPlainPortIsNamed() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            String url = service.url().replace("http://", "https://");
            assertSaysOnce(build(url), "TLS");
        }
    }

    private void assertNames(String cause, TestCertificates certificates, String... options)
            throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(exchange -> {}, certificates.serverSocket())) {
            assertSaysOnce(build("https://localhost:" + server.port(), options), cause);
            assertThat(server.heads()).as("requests, with a token maybe").isEmpty();
        }
    }

    private TestCertificates certificate(String host, String start) {
        TestCertificates certificates = new TestCertificates(temp);
        certificates.make("server", host, start);
        return certificates;
    }

    private static String caFile(TestCertificates certificates) {
        return "--ca-file=" + certificates.pem("server");
    }

    private GoResult build(String url, String... options) throws IOException {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = TimeLimit.BUDGET_OPTION;
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
