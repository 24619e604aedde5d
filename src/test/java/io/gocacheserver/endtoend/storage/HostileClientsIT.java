package io.gocacheserver.endtoend.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.BuildMessages;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Many clients that send each endpoint the most that it takes, and hold back the end, in the image's heap. */
class HostileClientsIT {

    private static final int MANY = 60;
    private static final int HELD_BACK = 100;
    private static final String TOKEN = "hostile-0123456789abcdef";

    /** As src/main/image/java.options have it: half of the chart's 512 MiB. */
    private static final List<String> IMAGE =
            List.of("-Xmx256m", "-XX:NewSize=48m", "-XX:+ExitOnOutOfMemoryError");

    @TempDir private Path temp;

    /** What is sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Attack(String request, byte[] body) {}

    @Test
    void theMostThatEachEndpointTakesDoesNotEndTheService() throws Exception {
        ServiceProcess.Builder builder =
                ServiceProcess.on(temp)
                        .with("CACHESERVER_AUTH_TOKENS_0_NAME", "hostile")
                        .with("CACHESERVER_AUTH_TOKENS_0_SECRET", TOKEN)
                        .with("CACHESERVER_AUTH_TOKENS_0_ACCESS", "read-write");
        IMAGE.forEach(builder::jvmOption);
        try (ServiceProcess service = builder.start()) {
            int port = URI.create(service.url()).getPort();
            for (Attack attack : attacks()) {
                List<RawHttp> connections = Concurrently.run(MANY, i -> () -> begin(port, attack));
                assertThat(service.client().isReady()).as(attack.request()).isTrue();
                List<Integer> statuses =
                        Concurrently.run(MANY, i -> () -> end(connections.get(i), attack));
                assertThat(statuses)
                        .as(attack.request())
                        .allMatch(status -> status < 300 || status == 503 || isRefusal(status));
                assertThat(service.isRunning()).as(service.log()).isTrue();
            }
            assertThat(service.log()).doesNotContain("OutOfMemoryError");
        }
    }

    /** A hash or a token that is none, or more bytes than are taken. */
    private static boolean isRefusal(int status) {
        return status == 400 || status == 401 || status == 413 || status == 422;
    }

    private static List<Attack> attacks() {
        byte[] object = new byte[2 << 20];
        String output = Sha256.hex(object);
        return List.of(
                new Attack("POST /prefetch", new byte[2 << 20]),
                new Attack("POST /prefetch/used", BuildMessages.end("m", list(32_768, 1 + 32))),
                new Attack("POST /builds", new byte[32 * 1024]),
                new Attack("POST /builds/1/packages", new byte[4 << 20]),
                new Attack("POST /auth/exchange-token", new byte[64 * 1024]),
                new Attack("PUT /aaaa/" + output, object),
                new Attack("PUT /output/" + output, object));
    }

    /** IDs that all differ; the byte before each is a profile's outcome, and 2: the client has it. */
    private static byte[] list(int actions, int each) {
        byte[] list = new byte[2 + actions * each];
        int idLength = each % 2 == 1 ? each - 1 : each;
        list[0] = (byte) (idLength >> 8);
        list[1] = (byte) idLength;
        for (int i = 0; i < actions; i++) {
            int start = 2 + i * each;
            int id = start + each - idLength;
            Arrays.fill(list, start, id, (byte) 2);
            list[id] = (byte) i;
            list[id + 1] = (byte) (i >> 8);
        }
        return list;
    }

    private static RawHttp begin(int port, Attack attack) throws IOException {
        RawHttp connection = new RawHttp(port);
        connection.sendHead(
                attack.request(),
                "Authorization: Bearer " + TOKEN,
                "Content-Type: application/json",
                "Content-Length: " + attack.body().length);
        try {
            connection.send(Arrays.copyOf(attack.body(), attack.body().length - HELD_BACK));
        } catch (IOException e) {
            // refused meanwhile
        }
        return connection;
    }

    /** The answer's status; 503 if it was lost, since the service had closed the connection long before. */
    private static int end(RawHttp connection, Attack attack) throws IOException {
        int length = attack.body().length;
        try (connection) {
            connection.send(Arrays.copyOfRange(attack.body(), length - HELD_BACK, length));
            return connection.receive().status();
        } catch (IOException e) {
            return 503;
        }
    }
}
