package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.Coding;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.Lookup;
import io.gocacheserver.cache.TierException;
import io.gocacheserver.cache.TierException.Remote.Kind;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.Upload;
import io.gocacheserver.cache.UploadQueue;
import io.gocacheserver.cache.UploadResult;
import io.gocacheserver.cache.Uploader;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.FakeHttpServer;
import io.gocacheserver.testsupport.FakeHttpServer.Exchange;
import io.gocacheserver.testsupport.FakeHttpServer.Handler;
import io.gocacheserver.testsupport.FakeHttpServer.Request;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An S3 that misbehaves: each time a clear error, nothing stored, nothing left in tmp/ and no connection lost. */
class S3FaultsTest {

    private static final Duration READ_TIMEOUT = Duration.ofMillis(700);
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    /** More than the client has connections: if each call lost one, the last calls could not be made. */
    private static final int REPETITIONS = 140;

    private final TestObject object = TestObject.ofSize(100_000);
    private final CacheCounters counters = new CacheCounters();
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private @Nullable UploadLoop loop;
    private Path directory;
    private DiskTier disk;
    private FakeHttpServer server;
    private S3Client s3;
    private S3Tier tier;
    private volatile Handler handler = (request, exchange) -> exchange.error(500, "Unset");

    @BeforeEach
    void start(@TempDir Path temp) throws IOException {
        directory = temp;
        disk = TestDisk.open(temp);
        server =
                FakeHttpServer.start(
                        (request, exchange) -> {
                            calls.incrementAndGet();
                            handler.handle(request, exchange);
                        });
        s3 =
                S3Clients.create(
                        server.uri(),
                        "access",
                        "secret",
                        S3PropertiesFixture.with(
                                Map.of("read-timeout", READ_TIMEOUT.toMillis() + "ms")));
        tier = new S3Tier(s3, "bucket", "", Coding.IDENTITY, READ_TIMEOUT);
    }

    @AfterEach
    void stop() throws IOException {
        if (loop != null) {
            loop.stop();
        }
        executor.close();
        assertThat(Directories.files(directory.resolve("tmp"))).isEmpty();
        s3.close();
        server.close();
        disk.close();
    }

    @Test
    void aRefusedConnectionIsAnError() throws IOException {
        server.close();
        assertGetFails();
        assertFindFails();
    }

    @Test
    void anS3ThatHangsIsAnErrorOnceTheReadTimeoutIsOver() {
        handler = (request, exchange) -> exchange.hang();
        long start = System.nanoTime();
        assertGetFails();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        assertThat(elapsed).isBetween(READ_TIMEOUT.dividedBy(2), READ_TIMEOUT.multipliedBy(10));
    }

    @Test
    void anS3ThatHangsWithinAnObjectIsAnErrorToo() {
        handler =
                withObject(
                        exchange -> {
                            exchange.answer(200, half(), object.size());
                            exchange.hang();
                        });
        assertGetFails();
    }

    @Test
    void slowDownIsTriedAgain() throws Exception {
        Handler good = withObject(exchange -> exchange.answer(200, object.bytes()));
        handler =
                (request, exchange) -> {
                    if (calls.get() == 1) {
                        exchange.error(503, "SlowDown");
                    } else {
                        good.handle(request, exchange);
                    }
                };
        assertThat(cache().get(Access.OPEN, object.action())).isInstanceOf(Lookup.Hit.class);
    }

    @Test
    void slowDownWithoutEndIsAnErrorAndNotAMiss() {
        handler = (request, exchange) -> exchange.error(503, "SlowDown");
        assertGetFails();
        assertThat(calls).hasValueGreaterThan(1);
    }

    @Test
    void forbiddenIsAnErrorAndIsNotTriedAgain() {
        handler = (request, exchange) -> exchange.error(403, "AccessDenied");
        assertGetFails();
        assertThat(server.requests())
                .filteredOn(request -> request.path().contains("/action/"))
                .hasSize(1);
    }

    @Test
    void aBucketThatIsMissingIsAnErrorAndNotAMiss() {
        handler = (request, exchange) -> exchange.error(404, "NoSuchBucket");
        assertGetFails();
        assertFindFails();
    }

    @Test
    void noSuchKeyIsAMiss() throws Exception {
        handler = (request, exchange) -> exchange.error(404, "NoSuchKey");
        assertThat(cache().get(Access.OPEN, object.action())).isInstanceOf(Lookup.Miss.class);
    }

    @Test
    void aRecordThatBreaksOffIsAnError() {
        handler =
                (request, exchange) ->
                        exchange.answer(200, "0138".getBytes(StandardCharsets.UTF_8), 84);
        assertGetFails();
    }

    @Test
    void anObjectThatBreaksOffIsAnErrorEachTimeAndLosesNoConnection() {
        handler = withObject(exchange -> exchange.answer(200, half(), object.size()));
        assertFailsManyTimes();
    }

    @Test
    void anObjectThatIsShorterIsAnErrorEachTimeAndLosesNoConnection() {
        handler = withObject(exchange -> exchange.answer(200, half()));
        assertFailsManyTimes();
    }

    @Test
    void anObjectThatIsLongerIsAnErrorEachTimeAndLosesNoConnection() {
        byte[] longer = Arrays.copyOf(object.bytes(), 3 * object.size());
        handler = withObject(exchange -> exchange.answer(200, longer));
        assertFailsManyTimes();
    }

    @Test
    void anObjectOfOtherBytesIsAnErrorEachTimeAndLosesNoConnection() {
        byte[] other = TestObject.ofSize(object.size()).bytes();
        handler = withObject(exchange -> exchange.answer(200, other));
        assertFailsManyTimes();
    }

    @Test
    void anObjectWithoutALengthIsAnErrorEachTimeAndLosesNoConnection() {
        handler = withObject(exchange -> exchange.answerWithoutLength(200, object.bytes()));
        assertFailsManyTimes();
    }

    @Test
    void aMissingObjectIsAnErrorEachTimeAndLosesNoConnection() {
        handler = withObject(exchange -> exchange.error(404, "NoSuchKey"));
        assertFailsManyTimes();
    }

    @Test
    void anInvalidRecordIsAnErrorEachTimeAndLosesNoConnection() {
        byte[] huge = TestObject.ofSize(50_000).bytes();
        handler = (request, exchange) -> exchange.answer(200, huge);
        assertFailsManyTimes();
    }

    @Test
    void aDiskThatCannotTakeTheObjectLosesNeitherTheAnswerNorAConnection() throws Exception {
        handler = withObject(exchange -> exchange.answer(200, object.bytes()));
        Files.delete(directory.resolve("blobs"));
        Files.writeString(directory.resolve("blobs"), "in the way");
        TieredCache cache = cache();
        for (int i = 0; i < REPETITIONS; i++) {
            Lookup.Hit hit = (Lookup.Hit) cache.get(Access.OPEN, object.action());
            assertThat(TieredCacheOnS3Behaviour.bytes(hit.content())).isEqualTo(object.bytes());
        }
        assertThat(server.openConnections()).isLessThan(20);
    }

    @Test
    void aLargeObjectThatIsStreamedPastTheDiskAndDiscardedLosesNoConnection() throws Exception {
        TestObject large = TestObject.ofSize(3_000_000);
        handler = (request, exchange) -> exchange.answer(200, large.bytes());
        Files.delete(directory.resolve("blobs"));
        Files.writeString(directory.resolve("blobs"), "in the way");
        TieredCache cache = cache();
        for (int i = 0; i < REPETITIONS; i++) {
            cache.find(Access.OPEN, large.output()).orElseThrow().discard();
        }
        assertThat(
                        TieredCacheOnS3Behaviour.bytes(
                                cache.find(Access.OPEN, large.output()).orElseThrow()))
                .isEqualTo(large.bytes());
    }

    @Test
    void manyFailuresAtOnceLoseNoConnection() throws Exception {
        handler = withObject(exchange -> exchange.answer(200, half(), object.size()));
        TieredCache cache = cache();
        Concurrently.run(
                100,
                i ->
                        () ->
                                assertThatExceptionOfType(TierException.Remote.class)
                                        .isThrownBy(
                                                () -> cache.find(Access.OPEN, object.output())));
        handler = withObject(exchange -> exchange.answer(200, object.bytes()));
        assertThat(cache().get(Access.OPEN, object.action())).isInstanceOf(Lookup.Hit.class);
    }

    @Test
    void theUploadTimeoutCoversAnObjectThatHangs() throws Exception {
        handler = (request, exchange) -> exchange.hang();
        assertUploadFailsInTime();
    }

    @Test
    void theUploadTimeoutCoversAnActionThatHangs() throws Exception {
        handler =
                (request, exchange) -> {
                    if (request.path().contains("/action/")) {
                        exchange.hang();
                    } else {
                        String eTag = '"' + object.md5() + '"';
                        exchange.answer(200, Map.of("ETag", eTag), new byte[0]);
                    }
                };
        assertUploadFailsInTime();
        assertThat(counters.get(CacheCounter.PUT_S3_FOUND)).isEqualTo(1);
    }

    @Test
    void theUploadTimeoutCoversRetries() throws Exception {
        handler = (request, exchange) -> exchange.error(503, "SlowDown");
        assertUploadFailsInTime();
    }

    @Test
    void anObjectIsSentWhereItsHeadIsNotAllowed() throws Exception {
        handler =
                (request, exchange) -> {
                    if (request.method().equals("HEAD")) {
                        exchange.answer(403, new byte[0]);
                    } else {
                        exchange.answer(200, new byte[0]);
                    }
                };
        upload(Duration.ofSeconds(5));
        assertThat(counters.get(CacheCounter.PUT_S3_OBJECT)).isEqualTo(1);
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(1);
    }

    @Test
    void theHeadAsksForThisVeryContent() throws Exception {
        handler = (request, exchange) -> exchange.answer(200, new byte[0]);
        upload(Duration.ofSeconds(5));
        Request head = server.requests().getFirst();
        assertThat(head.method()).isEqualTo("HEAD");
        assertThat(head.headers()).containsEntry("if-match", '"' + object.md5() + '"');
    }

    @Test
    void eachFailureOfAnUploadSaysOfWhichKindItIs() throws Exception {
        assertUploadFails(Kind.UNAVAILABLE, exchange -> exchange.error(500, "InternalError"));
        assertUploadFails(Kind.THROTTLED, exchange -> exchange.error(503, "SlowDown"));
        assertUploadFails(Kind.THROTTLED, exchange -> exchange.error(429, "TooManyRequests"));
        assertUploadFails(Kind.UNAVAILABLE, exchange -> exchange.error(400, "RequestTimeout"));
        assertUploadFails(Kind.REFUSED, exchange -> exchange.error(403, "AccessDenied"));
        assertUploadFails(Kind.REFUSED, exchange -> exchange.error(404, "NoSuchBucket"));
        server.close();
        assertUploadFails(Kind.UNAVAILABLE, exchange -> {});
    }

    @Test
    void anUploadThatHangsIsAnOutage() throws Exception {
        handler = (request, exchange) -> exchange.hang();
        assertFailedWith(Kind.UNAVAILABLE, upload(Duration.ofMillis(300)));
    }

    @Test
    void aHeadThatIsThrottledSendsNoObject() throws Exception {
        handler = (request, exchange) -> exchange.error(503, "SlowDown");
        upload(Duration.ofSeconds(5));
        assertThat(server.requests()).extracting(Request::method).containsOnly("HEAD");
    }

    @Test
    void anUploadThatS3AlwaysRefusesHoldsUpNoOther() throws Exception {
        String poisoned = object.output().hex();
        handler =
                (request, exchange) -> {
                    if (request.path().endsWith(poisoned)) {
                        exchange.error(403, "AccessDenied");
                    } else {
                        exchange.answer(200, new byte[0]);
                    }
                };
        InMemoryLocalTier local = new InMemoryLocalTier();
        putPending(local, object);
        for (int i = 0; i < 20; i++) {
            putPending(local, TestObject.ofSize(100));
        }
        queue(local);
        await().until(() -> counters.get(CacheCounter.PUT_S3_ACTION) == 20);
        await().until(() -> local.uploads().all().size() == 1);
        assertThat(local.uploads().all().getFirst().attempts()).isEqualTo(1);
    }

    @Test
    void whatAnOutageHeldUpArrivesAfterwards() throws Exception {
        handler = (request, exchange) -> exchange.error(500, "InternalError");
        InMemoryLocalTier local = new InMemoryLocalTier();
        for (int i = 0; i < 30; i++) {
            putPending(local, TestObject.ofSize(100));
        }
        UploadDispatcher queue = queue(local);
        await().until(() -> queue.statistics().paused());
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isZero();
        handler = (request, exchange) -> exchange.answer(200, new byte[0]);
        await().until(() -> local.uploads().all().isEmpty());
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(30);
        assertThat(queue.statistics().paused()).isFalse();
    }

    private static void putPending(InMemoryLocalTier local, TestObject object) throws Exception {
        Entry entry = new Entry(object.action(), object.output(), object.size(), NOW);
        local.uploads().now = Instant.now();
        local.put(entry, object.stream(), true);
    }

    /** With its own loop, which ends with the test. */
    private UploadDispatcher queue(InMemoryLocalTier local) {
        BackOff pauses = new BackOff(Duration.ofMillis(5), Duration.ofMillis(50), () -> 1);
        BackOff retries = new BackOff(Duration.ofHours(1), Duration.ofHours(1), () -> 1);
        Uploader uploader =
                new Uploader(local, tier, counters, Duration.ofSeconds(20), System::nanoTime);
        UploadDispatcher queue =
                new UploadDispatcher(
                        local,
                        uploader::upload,
                        executor,
                        new UploadPolicy(2, 1000, 10, Duration.ofDays(7)),
                        new Outage(pauses, System::nanoTime),
                        retries,
                        InstantSource.system(),
                        System::nanoTime);
        UploadLoop started = new UploadLoop(queue);
        started.start();
        loop = started;
        return queue;
    }

    private void assertUploadFails(Kind kind, Answer answer) throws Exception {
        handler = (request, exchange) -> answer.give(exchange);
        assertFailedWith(kind, upload(Duration.ofSeconds(20)));
    }

    private static void assertFailedWith(Kind kind, UploadResult result) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        UploadResult.Failed.class,
                        failed ->
                                assertThat(failed.cause())
                                        .isInstanceOfSatisfying(
                                                TierException.Remote.class,
                                                e -> assertThat(e.kind()).isEqualTo(kind)));
    }

    private void assertUploadFailsInTime() throws Exception {
        Duration timeout = Duration.ofMillis(800);
        long start = System.nanoTime();
        upload(timeout);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        assertThat(elapsed).isLessThan(timeout.multipliedBy(6));
        assertThat(counters.get(CacheCounter.PUT_S3_ERROR)).isEqualTo(1);
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isZero();
    }

    private UploadResult upload(Duration timeout) throws Exception {
        Entry entry = new Entry(object.action(), object.output(), object.size(), NOW);
        disk.put(entry, object.stream(), false);
        return new Uploader(disk, tier, counters, timeout, System::nanoTime)
                .upload(new Upload(entry, 1, NOW, 0));
    }

    private void assertFailsManyTimes() {
        for (int i = 0; i < REPETITIONS; i++) {
            assertGetFails();
        }
        await().until(() -> server.openConnections() < 20);
    }

    private void assertGetFails() {
        TieredCache cache = cache();
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> cache.get(Access.OPEN, object.action()))
                .withMessageStartingWith("[s3] ");
        assertThat(disk.usage().objects()).isZero();
    }

    private void assertFindFails() {
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> tier.find(object.output()))
                .withMessageStartingWith("[s3] ");
    }

    private TieredCache cache() {
        UploadQueue none =
                new UploadsAtOnce(
                        new Uploader(
                                disk, tier, counters, Duration.ofSeconds(1), System::nanoTime));
        return new TieredCache(disk, new TieredCache.Remote(tier, none, 0), counters, () -> NOW);
    }

    private interface Answer {
        void give(Exchange exchange) throws IOException, InterruptedException;
    }

    /** Answers action keys with a good record, and object keys as told. */
    private Handler withObject(Answer answer) {
        String text = object.output() + " 1700000000000000000";
        return (request, exchange) -> {
            if (request.path().contains("/action/")) {
                exchange.answer(200, text.getBytes(StandardCharsets.US_ASCII));
            } else {
                answer.give(exchange);
            }
        };
    }

    private byte[] half() {
        return Arrays.copyOf(object.bytes(), object.size() / 2);
    }
}
