package io.gocacheserver.s3;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BackOff;
import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.Outage;
import io.gocacheserver.cache.Quotas;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.UploadQueue;
import io.gocacheserver.cache.Uploader;
import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.Entry;
import io.gocacheserver.s3.uploads.UploadDispatcher;
import io.gocacheserver.s3.uploads.UploadLoop;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.ScriptedServer.Request;
import io.gocacheserver.testsupport.ScriptedServer.Script;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An S3 that misbehaves: each time a clear error, nothing stored, nothing left in tmp/ and no connection lost. */
class S3FaultsTest {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    /** More than the client has connections: if each call lost one, the last calls could not be made. */
    private static final int REPETITIONS = 140;

    private final TestObject object = TestObject.ofSize(100_000);
    private final CacheCounters counters = new CacheCounters();
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private @Nullable UploadLoop loop;
    @TempDir private Path directory;
    @AutoClose private DiskTier disk;
    @AutoClose private ScriptedServer server;
    @AutoClose private S3Client s3;
    private S3Tier tier;
    private volatile Script script = exchange -> error(exchange, 500, "Unset");

    @BeforeEach
    void start() throws IOException {
        disk = TestDisk.open(directory);
        server =
                new ScriptedServer(
                        exchange -> {
                            calls.incrementAndGet();
                            script.answer(exchange);
                        });
        s3 =
                S3Clients.create(
                        URI.create(server.url()),
                        "access",
                        "secret",
                        S3PropertiesFixture.with(
                                Map.of("read-timeout", READ_TIMEOUT.toMillis() + "ms")));
        tier = new S3Tier(s3, "bucket", "", Coding.IDENTITY, READ_TIMEOUT);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        if (loop != null) {
            loop.stop();
        }
        executor.close();
        assertThat(Directories.files(directory.resolve("tmp"))).isEmpty();
    }

    @Test
    void aRefusedConnectionIsAnError() throws IOException {
        server.close();
        assertGetFails();
        assertFindFails();
    }

    @Test
    void anS3ThatHangsIsAnErrorOnceTheReadTimeoutIsOver() {
        script = exchange -> exchange.hang();
        long start = System.nanoTime();
        assertGetFails();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        assertThat(elapsed).isBetween(READ_TIMEOUT.dividedBy(2), READ_TIMEOUT.multipliedBy(10));
    }

    @Test
    void anS3ThatHangsWithinAnObjectIsAnErrorToo() {
        script =
                withObject(
                        exchange -> {
                            exchange.begin(200, object.size());
                            exchange.send(half());
                            exchange.hang();
                        });
        assertGetFails();
    }

    @Test
    void slowDownIsTriedAgain() throws Exception {
        Script good = withObject(exchange -> exchange.answer(200, object.bytes()));
        script =
                exchange -> {
                    if (calls.get() == 1) {
                        error(exchange, 503, "SlowDown");
                    } else {
                        good.answer(exchange);
                    }
                };
        assertThat(cache().get(Access.OPEN, object.action())).isInstanceOf(Lookup.Hit.class);
    }

    @Test
    void slowDownWithoutEndIsAnErrorAndNotAMiss() {
        script = exchange -> error(exchange, 503, "SlowDown");
        assertGetFails();
        assertThat(calls).hasValueGreaterThan(1);
    }

    @Test
    void forbiddenIsAnErrorAndIsNotTriedAgain() {
        script = exchange -> error(exchange, 403, "AccessDenied");
        assertGetFails();
        assertThat(server.requests())
                .filteredOn(request -> request.path().contains("/action/"))
                .hasSize(1);
    }

    @Test
    void aBucketThatIsMissingIsAnErrorAndNotAMiss() {
        script = exchange -> error(exchange, 404, "NoSuchBucket");
        assertGetFails();
        assertFindFails();
    }

    @Test
    void noSuchKeyIsAMiss() throws Exception {
        script = exchange -> error(exchange, 404, "NoSuchKey");
        assertThat(cache().get(Access.OPEN, object.action())).isInstanceOf(Lookup.Miss.class);
    }

    @Test
    void aRecordThatBreaksOffIsAnError() {
        script = exchange -> breakOff(exchange, 84, "0138".getBytes(StandardCharsets.UTF_8));
        assertGetFails();
    }

    @Test
    void anObjectThatBreaksOffIsAnErrorEachTimeAndLosesNoConnection() {
        script = withObject(exchange -> breakOff(exchange, object.size(), half()));
        assertFailsManyTimes();
    }

    @Test
    void anObjectThatIsShorterIsAnErrorEachTimeAndLosesNoConnection() {
        script = withObject(exchange -> exchange.answer(200, half()));
        assertFailsManyTimes();
    }

    @Test
    void anObjectThatIsLongerIsAnErrorEachTimeAndLosesNoConnection() {
        byte[] longer = Arrays.copyOf(object.bytes(), 3 * object.size());
        script = withObject(exchange -> exchange.answer(200, longer));
        assertFailsManyTimes();
    }

    @Test
    void anObjectOfOtherBytesIsAnErrorEachTimeAndLosesNoConnection() {
        byte[] other = TestObject.ofSize(object.size()).bytes();
        script = withObject(exchange -> exchange.answer(200, other));
        assertFailsManyTimes();
    }

    @Test
    void anObjectWithoutALengthIsAnErrorEachTimeAndLosesNoConnection() {
        script =
                withObject(
                        exchange -> {
                            exchange.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                            exchange.send(object.bytes());
                            exchange.hangUp();
                        });
        assertFailsManyTimes();
    }

    @Test
    void aMissingObjectIsAnErrorEachTimeAndLosesNoConnection() {
        script = withObject(exchange -> error(exchange, 404, "NoSuchKey"));
        assertFailsManyTimes();
    }

    @Test
    void anInvalidRecordIsAnErrorEachTimeAndLosesNoConnection() {
        byte[] huge = TestObject.ofSize(50_000).bytes();
        script = exchange -> exchange.answer(200, huge);
        assertFailsManyTimes();
    }

    @Test
    void aDiskThatCannotTakeTheObjectLosesNeitherTheAnswerNorAConnection() throws Exception {
        script = withObject(exchange -> exchange.answer(200, object.bytes()));
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
        script = exchange -> exchange.answer(200, large.bytes());
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
        script = withObject(exchange -> breakOff(exchange, object.size(), half()));
        TieredCache cache = cache();
        Concurrently.run(
                100,
                i ->
                        () ->
                                assertThatExceptionOfType(TierException.Remote.class)
                                        .isThrownBy(
                                                () -> cache.find(Access.OPEN, object.output())));
        script = withObject(exchange -> exchange.answer(200, object.bytes()));
        assertThat(cache().get(Access.OPEN, object.action())).isInstanceOf(Lookup.Hit.class);
    }

    @Test
    void theUploadTimeoutCoversAnObjectThatHangs() throws Exception {
        script = exchange -> exchange.hang();
        assertUploadFailsInTime(Duration.ofMillis(800));
    }

    @Test
    void theUploadTimeoutCoversAnActionThatHangs() throws Exception {
        script =
                exchange -> {
                    if (exchange.request().path().contains("/action/")) {
                        exchange.hang();
                    } else {
                        exchange.answer(200, new byte[0], "ETag: \"" + object.md5() + '"');
                    }
                };
        // Long enough for the object, also on a busy machine.
        assertUploadFailsInTime(Duration.ofSeconds(3));
        assertThat(counters.get(CacheCounter.PUT_S3_FOUND)).isEqualTo(1);
    }

    @Test
    void theUploadTimeoutCoversRetries() throws Exception {
        script = exchange -> error(exchange, 503, "SlowDown");
        assertUploadFailsInTime(Duration.ofMillis(800));
    }

    @Test
    void anObjectIsSentWhereItsHeadIsNotAllowed() throws Exception {
        script =
                exchange -> {
                    if (exchange.request().method().equals("HEAD")) {
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
        script = exchange -> exchange.answer(200, new byte[0]);
        upload(Duration.ofSeconds(5));
        Request head = server.requests().getFirst();
        assertThat(head.method()).isEqualTo("HEAD");
        assertThat(head.headers()).containsEntry("if-match", '"' + object.md5() + '"');
    }

    @Test
    void eachFailureOfAnUploadSaysOfWhichKindItIs() throws Exception {
        assertUploadFails(Kind.UNAVAILABLE, exchange -> error(exchange, 500, "InternalError"));
        assertUploadFails(Kind.THROTTLED, exchange -> error(exchange, 503, "SlowDown"));
        assertUploadFails(Kind.THROTTLED, exchange -> error(exchange, 429, "TooManyRequests"));
        assertUploadFails(Kind.UNAVAILABLE, exchange -> error(exchange, 400, "RequestTimeout"));
        assertUploadFails(Kind.REFUSED, exchange -> error(exchange, 403, "AccessDenied"));
        assertUploadFails(Kind.REFUSED, exchange -> error(exchange, 404, "NoSuchBucket"));
        server.close();
        assertUploadFails(Kind.UNAVAILABLE, exchange -> {});
    }

    @Test
    void anUploadThatHangsIsAnOutage() throws Exception {
        script = exchange -> exchange.hang();
        assertFailedWith(Kind.UNAVAILABLE, upload(Duration.ofMillis(300)));
    }

    @Test
    void aHeadThatIsThrottledSendsNoObject() throws Exception {
        script = exchange -> error(exchange, 503, "SlowDown");
        upload(Duration.ofSeconds(5));
        assertThat(server.requests()).extracting(Request::method).containsOnly("HEAD");
    }

    @Test
    void anUploadThatS3AlwaysRefusesHoldsUpNoOther() throws Exception {
        String poisoned = object.output().hex();
        script =
                exchange -> {
                    if (exchange.request().path().endsWith(poisoned)) {
                        error(exchange, 403, "AccessDenied");
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
        script = exchange -> error(exchange, 500, "InternalError");
        InMemoryLocalTier local = new InMemoryLocalTier();
        for (int i = 0; i < 30; i++) {
            putPending(local, TestObject.ofSize(100));
        }
        UploadDispatcher queue = queue(local);
        await().until(() -> queue.statistics().paused());
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isZero();
        script = exchange -> exchange.answer(200, new byte[0]);
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
                new Uploader(
                        local, local, tier, counters, Duration.ofSeconds(20), System::nanoTime);
        UploadDispatcher queue =
                new UploadDispatcher(
                        local.uploads(),
                        uploader::upload,
                        executor,
                        new UploadDispatcher.Policy(2, 1000, 10, Duration.ofDays(7)),
                        new Outage(pauses, System::nanoTime),
                        retries,
                        InstantSource.system(),
                        System::nanoTime);
        UploadLoop started = new UploadLoop(queue, executor, Duration.ZERO);
        started.start();
        loop = started;
        return queue;
    }

    private void assertUploadFails(Kind kind, Script answer) throws Exception {
        script = answer;
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

    private void assertUploadFailsInTime(Duration timeout) throws Exception {
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
        return new Uploader(disk, disk, tier, counters, timeout, System::nanoTime)
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
        assertThat(disk.report().usage().objects()).isZero();
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
                                disk,
                                disk,
                                tier,
                                counters,
                                Duration.ofSeconds(1),
                                System::nanoTime));
        return new TieredCache(
                disk,
                new TieredCache.Remote(tier, none, 0),
                counters,
                key -> {},
                () -> NOW,
                new Quotas(new InMemoryLocalTier(), List.of()));
    }

    /** Answers action keys with a good record, and object keys as told. */
    private Script withObject(Script answer) {
        String text = object.output() + " 1700000000000000000";
        return exchange -> {
            if (exchange.request().path().contains("/action/")) {
                exchange.answer(200, text.getBytes(StandardCharsets.US_ASCII));
            } else {
                answer.answer(exchange);
            }
        };
    }

    /** An S3 error. */
    private static void error(Exchange exchange, int status, String code) throws IOException {
        String xml =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>as the test wants</Message></Error>"
                        .formatted(code);
        exchange.answer(status, xml.getBytes(StandardCharsets.UTF_8));
    }

    /** Announces more than it sends. */
    private static void breakOff(Exchange exchange, int announced, byte[] sent) throws IOException {
        exchange.begin(200, announced);
        exchange.send(sent);
        exchange.hangUp();
    }

    private byte[] half() {
        return Arrays.copyOf(object.bytes(), object.size() / 2);
    }
}
