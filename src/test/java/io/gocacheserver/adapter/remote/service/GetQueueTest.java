package io.gocacheserver.adapter.remote.service;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.CircuitBreaker;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.TimeBudget;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.adapter.remote.object.ObjectFetch;
import io.gocacheserver.adapter.remote.object.ObjectStore;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BulkFrame;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Before a service whose answers the test lets out one by one. */
class GetQueueTest {

    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final String NOT_FOUND = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";

    @TempDir private Path directory;

    /** A permit for each request that has arrived, and for each that may be answered. */
    private final Semaphore arrived = new Semaphore(0);

    private final Semaphore answers = new Semaphore(0);

    private final AtomicLong nanos = new AtomicLong();
    private final TimeBudget budget = new TimeBudget(Duration.ofSeconds(10), nanos::get);
    private final AtomicInteger requests = new AtomicInteger();
    private final List<ActionId> actions =
            IntStream.range(0, 300).mapToObj(i -> action("a" + i)).toList();

    private final List<List<ActionId>> bulkReads = new CopyOnWriteArrayList<>();

    /** What a bulk read says of an action, if not that it is absent. */
    private final Map<ActionId, Integer> kinds = new ConcurrentHashMap<>();

    private volatile boolean knowsBulkReads = true;
    private volatile int framesSent = Integer.MAX_VALUE;
    private volatile @Nullable String refusal;
    @AutoClose private ScriptedServer server;
    private ServiceAccess service;
    private Gate gate;
    private GetQueue queue;

    private record Get(Thread thread, FutureTask<FetchResult> task) {

        FetchResult result() throws Exception {
            return Concurrently.result(task);
        }

        void awaitQueued() {
            await().pollInterval(Duration.ofMillis(1)).until(this::waits);
        }

        boolean waits() {
            return thread.getState() == Thread.State.WAITING;
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(this::answer);
        service =
                new ServiceAccess(
                        new HttpClient(
                                ServiceUrl.parse(server.url()), TIMEOUTS, 8, System::nanoTime),
                        new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                        new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                        new ZstdDecoders(null),
                        false,
                        "test");
        gate = new Gate(service.gets);
        queue = queue(1);
    }

    @AfterEach
    void stop() throws IOException {
        answers.release(10_000);
        service.client.close();
    }

    @Test
    void asLongAsFewAreUnderWayEachGoesOutAtOnce() throws Exception {
        queue = queue(3);
        List<Get> gets = List.of(get(0), get(1), get(2));
        arrive(3);
        answers.release(3);
        for (Get get : gets) {
            assertThat(get.result()).isInstanceOf(FetchResult.Miss.class);
        }
        assertThat(server.heads()).allMatch(head -> head.startsWith("GET /action/"));
        assertThat(requests).hasValue(3);
    }

    @Test
    void whatWaitsSharesTheNextRequestInItsOrder() throws Exception {
        queue = queue(2);
        List<Get> gets = new ArrayList<>(List.of(get(0), get(1)));
        arrive(2);
        for (int i = 2; i < 8; i++) {
            gets.add(queued(i));
        }
        answers.release(1);
        arrive(1);
        assertThat(bulkReads).containsExactly(actions.subList(2, 5));

        answers.release(100);
        for (Get get : gets) {
            assertMiss(get);
        }
        assertThat(requests).hasValue(server.heads().size());
    }

    @Test
    void noMoreThanSixtyFourShareARequest() throws Exception {
        Get first = get(0);
        arrive(1);
        List<Get> waiting = crowd(1, 151);
        answers.release(100);
        assertMiss(first);
        for (Get get : waiting) {
            assertMiss(get);
        }
        assertThat(bulkReads).extracting(List::size).containsExactly(64, 64, 22);
    }

    @Test
    void noConnectionLiesIdleWhileSomethingWaits() throws Exception {
        service.learn(Trait.NO_BULK_READS);
        queue = queue(4);
        List<Get> gets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            gets.add(get(i));
        }
        arrive(4);
        gets.addAll(crowd(4, 204));
        for (int round = 0; round < 50; round++) {
            answers.release(4); // all four end at the same moment, or nearly
            arrive(4);
        }
        answers.release(4);
        for (Get get : gets) {
            assertMiss(get);
        }
    }

    @Test
    void aServiceThatDoesNotKnowBulkReadsIsAskedForOneOnce() throws Exception {
        knowsBulkReads = false;
        for (int start = 0; start < 10; start += 5) {
            Get first = get(start);
            arrive(1);
            List<Get> waiting = queued(start + 1, start + 5);
            answers.release(6);
            assertMiss(first);
            for (Get get : waiting) {
                assertMiss(get);
            }
            arrived.drainPermits();
            answers.drainPermits();
        }
        assertThat(bulkReads).hasSize(1);
        assertThat(requests).hasValue(11);
    }

    @Test
    void eachGetHearsWhatTheServiceSaysOfIt() throws Exception {
        kinds.put(actions.get(2), BulkFrame.FAILED);
        kinds.put(actions.get(3), BulkFrame.NOT_SENT);
        List<Get> gets = sharing(1, 5);
        assertMiss(gets.get(0));
        assertThat(gets.get(1).result()).isInstanceOf(FetchResult.ServiceFailed.class);
        assertThat(gets.get(2).result()).isInstanceOf(FetchResult.NotAsked.class);
        assertMiss(gets.get(3));
    }

    @Test
    void anAnswerThatBreaksOffFailsThoseItHasNotReached() throws Exception {
        framesSent = 2;
        List<Get> gets = sharing(1, 5);
        assertMiss(gets.get(0));
        assertMiss(gets.get(1));
        assertThat(gets.get(2).result()).isInstanceOf(FetchResult.ServiceFailed.class);
        assertThat(gets.get(3).result()).isInstanceOf(FetchResult.ServiceFailed.class);
    }

    @Test
    void whatWaitsWhenTheServiceRefusesIsNotAsked() throws Exception {
        refusal = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
        Get first = get(0);
        arrive(1);
        List<Get> waiting = queued(1, 5);
        answers.release(10);
        assertThat(first.result()).isInstanceOf(FetchResult.ServiceFailed.class);
        for (Get get : waiting) {
            assertThat(get.result()).isInstanceOf(FetchResult.NotAsked.class);
        }
        assertThat(get(5).result()).isInstanceOf(FetchResult.NotAsked.class);
        assertThat(requests).hasValue(1);
    }

    @Test
    void whoIsInterruptedWhileWaitingLeavesAndHoldsUpNobody() throws Exception {
        Get first = get(0);
        arrive(1);
        List<Get> waiting = queued(1, 9);
        for (int i = 0; i < waiting.size(); i += 2) {
            waiting.get(i).thread().interrupt();
            assertThat(waiting.get(i).result()).isInstanceOf(FetchResult.NotAsked.class);
        }
        answers.release(10);
        assertMiss(first);
        for (int i = 1; i < waiting.size(); i += 2) {
            assertMiss(waiting.get(i));
        }
        assertThat(bulkReads)
                .containsExactly(
                        List.of(actions.get(2), actions.get(4), actions.get(6), actions.get(8)));
        assertMiss(get(9));
    }

    @Test
    void whatHasWaitedItsTimeAwayIsNotAskedForAnyMore() throws Exception {
        for (int waiting = 1; waiting <= 2; waiting++) {
            TimeBudget fresh = new TimeBudget(Duration.ofSeconds(10), nanos::get);
            int asked = server.heads().size();
            Get first = get(0, fresh);
            arrive(1);
            List<Get> late = new ArrayList<>();
            for (int i = 1; i <= waiting; i++) {
                late.add(get(i, fresh));
                late.getLast().awaitQueued();
            }
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            answers.release(1);
            assertMiss(first);
            for (Get get : late) {
                assertThat(get.result()).isInstanceOf(FetchResult.NotAsked.class);
            }
            assertThat(server.heads()).hasSize(asked + 1);
        }
    }

    @Test
    void theTimeInTheQueueCounts() {
        TimeBudget.Wait wait = budget.begin();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(wait.limit()).hasSeconds(6);
    }

    private GetQueue queue(int most) {
        ObjectStore store =
                new ObjectStore(
                        new NativeCache(directory.toString(), "1", InstantSource.system()),
                        service.decoders,
                        () -> null);
        return new GetQueue(
                service, new ObjectFetch(service, store, gate), store, gate, most, requests);
    }

    private Get get(int number) {
        return get(number, budget);
    }

    private Get get(int number, TimeBudget within) {
        GetQueue by = queue;
        FutureTask<FetchResult> task =
                new FutureTask<>(() -> by.fetch(actions.get(number), within.begin()));
        return new Get(Thread.ofVirtual().start(task), task);
    }

    private Get queued(int number) {
        Get get = get(number);
        get.awaitQueued();
        return get;
    }

    private List<Get> queued(int from, int to) {
        return IntStream.range(from, to).mapToObj(this::queued).toList();
    }

    /** The same, in whatever order they come. */
    private List<Get> crowd(int from, int to) {
        List<Get> gets = IntStream.range(from, to).mapToObj(this::get).toList();
        await().pollInterval(Duration.ofMillis(1)).until(() -> gets.stream().allMatch(Get::waits));
        return gets;
    }

    /** Gets that share one request, answered. */
    private List<Get> sharing(int from, int to) throws Exception {
        Get before = get(0);
        arrive(1);
        List<Get> gets = queued(from, to);
        answers.release(10);
        assertMiss(before);
        return gets;
    }

    private void arrive(int count) throws InterruptedException {
        assertThat(arrived.tryAcquire(count, 20, TimeUnit.SECONDS))
                .as("%d requests come", count)
                .isTrue();
    }

    private static void assertMiss(Get get) throws Exception {
        assertThat(get.result()).isInstanceOf(FetchResult.Miss.class);
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        boolean isBulk = exchange.head().startsWith("POST /bulk");
        List<ActionId> wanted = List.of();
        if (isBulk) {
            ActionList list = ActionList.decode(exchange.request().body());
            wanted = IntStream.range(0, list.size()).mapToObj(list::get).toList();
            bulkReads.add(wanted);
        }
        arrived.release();
        answers.acquire();
        if (refusal != null) {
            exchange.send(refusal);
        } else if (isBulk && knowsBulkReads) {
            bulk(exchange, wanted);
        } else {
            exchange.send(NOT_FOUND);
        }
    }

    private void bulk(Exchange exchange, List<ActionId> wanted) throws IOException {
        byte[] frames = new byte[(wanted.size() + 1) * BulkFrame.HEAD_LENGTH];
        for (int i = 0; i < wanted.size(); i++) {
            int kind = kinds.getOrDefault(wanted.get(i), BulkFrame.ABSENT);
            BulkFrame.putHead(frames, i * BulkFrame.HEAD_LENGTH, kind, i);
        }
        BulkFrame.putHead(
                frames, wanted.size() * BulkFrame.HEAD_LENGTH, BulkFrame.END, wanted.size());
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + frames.length + "\r\n\r\n");
        if (framesSent < wanted.size()) {
            exchange.send(Arrays.copyOf(frames, framesSent * BulkFrame.HEAD_LENGTH));
            exchange.hangUp();
        } else {
            exchange.send(frames);
        }
    }
}
