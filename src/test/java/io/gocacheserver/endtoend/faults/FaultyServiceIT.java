package io.gocacheserver.endtoend.faults;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceFault;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TimeLimit;
import io.gocacheserver.endtoend.Upstream;
import io.gocacheserver.endtoend.WarmMachines;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whatever the service does, a build ends well, soon, and with one line that says what is wrong. */
@ExtendWith(ReferenceBuild.Resolver.class)
class FaultyServiceIT {

    private static WarmMachines machines;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;

    @BeforeAll
    static void fillService(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        machines = WarmMachines.prepare(reference, directory, "example.test/faulty");
        service = ServiceProcess.start(directory.resolve("service"));
        GoResult first =
                machines.assertBuilds(
                        machines.machine(service.url(), directory.resolve("first")),
                        directory.resolve("first-program"));
        assertThat(first.stderr()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT) // they wait more than they do
    void buildEndsWellAndSaysWhatIsWrong(ServiceFault fault) throws IOException {
        Upstream upstream = new Upstream(service.url());
        try (ScriptedServer server =
                new ScriptedServer(exchange -> fault.answer(exchange, upstream))) {
            GoResult result = build(server.url());

            assertThat(server.heads()).as("requests that met the fault").isNotEmpty();
            if (fault.cause().isEmpty()) {
                assertThat(result.stderr().lines()).hasSizeLessThanOrEqualTo(1);
            } else {
                assertSaysOnce(result, fault.cause());
            }
            await().until(() -> server.openConnections() == 0);
        }
        await().untilAsserted(() -> assertThat(LeftOvers.in(temp.resolve("cache"))).isEmpty());
    }

    @Test
    void unknownHostIsNamed() throws IOException {
        assertSaysOnce(
                build("http://no-such-host.invalid:8080"), "unknown host no-such-host.invalid");
    }

    @Test
    void refusedConnectionIsNamed() throws IOException {
        assertSaysOnce(build("http://127.0.0.1:" + Ports.free()), "(?i)connection refused");
    }

    @Test
    void hostThatTakesNoConnectionIsNamed() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillBacklog(full, waiting);

            assertSaysOnce(build("http://127.0.0.1:" + full.getLocalPort()), "connect|time budget");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private GoResult build(String url) throws IOException {
        GoClient machine = machines.machine(url, temp.resolve("cache"), TimeLimit.BUDGET_OPTION);
        return machines.assertBuilds(machine, temp.resolve("program"));
    }

    private static void assertSaysOnce(GoResult result, String cause) {
        assertThat(result.stderr().lines())
                .as("stderr: %s", result.stderr())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("go-cache-adapter: ")
                .containsPattern(cause);
    }

    /** Connects until the system takes no more for a socket on which nobody accepts. */
    private static void fillBacklog(ServerSocket server, List<Socket> waiting) throws IOException {
        while (true) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(
                        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }
}
