package io.gocacheserver.endtoend.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Sha256;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.WireHeaders;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** What clients have put and the service has acknowledged, and what of that it still has. For use by many threads. */
final class PutLedger {

    private static final int STORED = 204;
    private static final int CHECKERS = 4;

    private final List<Acknowledged> acknowledged = new ArrayList<>();

    /** An acknowledged Put; the times are those just before it was sent and just after it was answered. */
    record Acknowledged(
            ActionId action, OutputId output, long size, Instant sent, Instant answered) {}

    /** Puts an object, notes it if it is acknowledged, and returns the status. */
    int put(ServiceClient client, TestObject object) {
        Instant sent = Instant.now();
        int status = client.put(object);
        if (status == STORED) {
            synchronized (this) {
                acknowledged.add(
                        new Acknowledged(
                                object.action(),
                                object.output(),
                                object.size(),
                                sent,
                                Instant.now()));
            }
        }
        return status;
    }

    /** Puts {@code count} objects over several clients at once; each must be answered with one of these statuses. */
    void putAtOnce(
            String url, int clients, int count, Supplier<TestObject> objects, Integer... statuses)
            throws Exception {
        atOnce(
                clients,
                client -> {
                    ServiceClient http = new ServiceClient(url);
                    for (int i = client; i < count; i += clients) {
                        assertThat(put(http, objects.get()))
                                .as("status of a Put")
                                .isIn((Object[]) statuses);
                    }
                });
    }

    /** All acknowledged Puts, in their order. */
    synchronized List<Acknowledged> all() {
        return List.copyOf(acknowledged);
    }

    synchronized int size() {
        return acknowledged.size();
    }

    /** The last acknowledged Puts, of so many bytes together. */
    List<Acknowledged> newest(long bytes) {
        List<Acknowledged> all = all();
        int first = all.size();
        for (long sum = 0; first > 0 && sum < bytes; first--) {
            sum += all.get(first - 1).size();
        }
        return all.subList(first, all.size());
    }

    /** Gets each of them. Those that are there must be right; the others must be misses, and are returned. */
    static List<Acknowledged> misses(String url, List<Acknowledged> puts) throws Exception {
        List<Acknowledged> misses = new ArrayList<>();
        atOnce(
                CHECKERS,
                checker -> {
                    ServiceClient http = new ServiceClient(url);
                    for (int i = checker; i < puts.size(); i += CHECKERS) {
                        if (isMiss(http, puts.get(i))) {
                            synchronized (misses) {
                                misses.add(puts.get(i));
                            }
                        }
                    }
                });
        return misses;
    }

    /** Gets it: whether it is a miss, and not the right object. */
    static boolean isMiss(ServiceClient client, Acknowledged put) throws IOException {
        HttpResponse<InputStream> response = client.getObject(put.action());
        try (InputStream body = response.body()) {
            assertThat(response.statusCode()).as("status of a Get of %s", put).isIn(200, 404);
            if (response.statusCode() == 200) {
                assertThat(response.headers().firstValue(WireHeaders.OUTPUT_ID))
                        .hasValue(put.output().hex());
                assertThat(Sha256.hex(body)).as("bytes of %s", put).isEqualTo(put.output().hex());
            }
            return response.statusCode() == 404;
        }
    }

    /** Runs it in several threads, with the thread's number; the first failure is thrown. */
    static void atOnce(int threads, Task task) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                results.add(
                        executor.submit(
                                () -> {
                                    task.run(number);
                                    return null;
                                }));
            }
            for (Future<?> result : results) {
                try {
                    result.get();
                } catch (ExecutionException e) {
                    throw new AssertionError("a client failed: " + e.getCause(), e.getCause());
                }
            }
        }
    }

    interface Task {
        void run(int number) throws Exception;
    }
}
