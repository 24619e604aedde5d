package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What is acknowledged survives kill -9, at whatever moment. The long variant, with re-puts, S3 and damage, is {@code
 * src/bench/crash_loop.py}.
 */
class CrashLoopIT {

    private static final int ROUNDS = 3;
    private static final int KILLED_WHILE_STARTING = 2;
    private static final int CLIENTS = 8;
    private static final int MOST_PUTS = 400;
    private static final int[] SIZES = {
        0, 1, 300, 900, 3_000, 9_000, 16_384, 40_000, 700_000, 3_000_000
    };

    @TempDir private Path temp;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final PutLedger ledger = new PutLedger();

    @Test
    void acknowledgedPutsSurviveKills() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            if (round == KILLED_WHILE_STARTING) {
                killWhileStarting();
            }
            try (ServiceProcess service = ServiceProcess.start(disk())) {
                assertAllThere(service);
                putUntilKilled(service, ledger.size() + random.nextInt(MOST_PUTS));
            }
        }
        try (ServiceProcess service = ServiceProcess.start(disk())) {
            assertAllThere(service);
        }
    }

    @Test
    void bodyThatWasOnItsWayLeavesNothing() throws Exception {
        TestObject object = TestObject.ofSize(5_000_000);
        try (ServiceProcess service = ServiceProcess.start(disk());
                RawHttp connection = new RawHttp(URI.create(service.url()).getPort())) {
            connection
                    .sendHead("PUT " + object.putPath(), "Content-Length: " + object.size())
                    .send(Arrays.copyOf(object.bytes(), object.size() / 2));
            await().untilAsserted(() -> assertThat(disk().resolve("tmp")).isNotEmptyDirectory());
            service.kill();
        }
        try (ServiceProcess service = ServiceProcess.start(disk())) {
            assertThat(disk().resolve("tmp")).isEmptyDirectory();
            assertThat(service.client().getEntry(object.action()).statusCode()).isEqualTo(404);
            assertThat(service.client().put(object)).isEqualTo(204);
        }
    }

    private void killWhileStarting() {
        try (ServiceProcess service = ServiceProcess.on(disk()).launch()) {
            await().until(() -> service.log().contains("Starting"));
            service.kill();
        }
    }

    private void putUntilKilled(ServiceProcess service, int acknowledgedPuts) throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        CompletableFuture<Void> killer =
                CompletableFuture.runAsync(
                        () -> {
                            await().pollInterval(Duration.ofMillis(1))
                                    .until(() -> ledger.size() >= acknowledgedPuts);
                            killed.set(true);
                            service.kill();
                        });
        PutLedger.atOnce(CLIENTS, client -> putWhileItLives(service.url(), client, killed));
        killer.join();
    }

    private void putWhileItLives(String url, int number, AtomicBoolean killed) {
        ServiceClient client = new ServiceClient(url);
        try {
            for (int i = number; !killed.get(); i++) {
                TestObject object = TestObject.ofSize(SIZES[i % SIZES.length]);
                assertThat(ledger.put(client, object)).isEqualTo(204);
            }
        } catch (UncheckedIOException e) {
            await("the service was killed").until(killed::get);
        }
    }

    private void assertAllThere(ServiceProcess service) throws Exception {
        assertThat(PutLedger.misses(service.url(), ledger.all()))
                .as("lost Puts, of %d; seed %d", ledger.size(), seed)
                .isEmpty();
        assertThat(disk().resolve("tmp")).isEmptyDirectory();
    }

    private Path disk() {
        return temp.resolve("service");
    }
}
