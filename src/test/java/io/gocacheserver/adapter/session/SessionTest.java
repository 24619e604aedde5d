package io.gocacheserver.adapter.session;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.base64;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.protocol.ProtocolException;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.RemoteCache;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

class SessionTest {

    private static final String GREETING =
            "{\"ID\":0,\"KnownCommands\":[\"get\",\"put\",\"close\"]}";
    private static final byte[] OBJECT = bytes("an object");

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeRemote remote = new FakeRemote();
    private NativeCache disk = new NativeCache("", "", InstantSource.system());
    private Duration drainTimeout = Duration.ofSeconds(20);
    private int uploadQueue = 100;
    private final List<String> remembered = new CopyOnWriteArrayList<>();
    private boolean watched = true;
    private boolean verbose;
    private @Nullable SessionReport statistics;

    @BeforeEach
    void openDisk() {
        disk = new NativeCache(directory.toString(), "1", InstantSource.system());
    }

    @Test
    void greetsAnswersAndCloses() throws IOException {
        run(get(1, "a") + "\n\n" + close(2));

        assertThat(answers()).containsExactly(GREETING, "{\"ID\":1,\"Miss\":true}", "{\"ID\":2}");
        assertThat(stderr()).isEmpty();
    }

    @Test
    void answersAPutFromLocalDiskAndUploadsItBehind() throws IOException {
        run(put(1, "a", OBJECT) + get(2, "a") + close(3));

        CachedObject stored = Objects.requireNonNull(disk.get(action("a")));
        assertThat(Path.of(stored.path())).hasBinaryContent(OBJECT);
        assertThat(answers().get(1)).isEqualTo("{\"ID\":1,\"DiskPath\":\"" + stored.path() + "\"}");
        assertThat(answers().get(2)).contains("\"ID\":2").contains(stored.path());
        assertThat(remote.uploads)
                .containsExactly(new Upload(action("a"), output(OBJECT), 9, stored.path()));
        assertThat(remote.fetches).isEmpty();
    }

    @Test
    void putsAnEmptyObjectWithoutABodyLine() throws IOException {
        run(put(1, "a", new byte[0]) + close(2));

        assertThat(disk.get(action("a"))).isNotNull();
    }

    @Test
    void uploadsAnActionsObjectOnce() throws IOException {
        run(put(1, "a", OBJECT) + put(2, "a", OBJECT) + put(3, "b", OBJECT) + close(4));

        assertThat(remote.uploads)
                .extracting(Upload::action)
                .containsExactlyInAnyOrder(action("a"), action("b"));
    }

    @Test
    void answersWithWhatTheServiceHas() throws IOException {
        try (StagedObject staged = disk.stage(output(OBJECT), 9)) {
            staged.write(OBJECT, 0, 9);
            remote.answer = new FetchResult.Hit(disk.commit(staged, action("other"), 1));
        }
        run(get(1, "a") + close(2));

        assertThat(answers().get(1)).contains("\"OutputID\":").contains("\"Size\":9");
    }

    @Test
    void goesOnWithoutTheServiceAndSaysSoOnce() throws IOException {
        remote.answer = new FetchResult.ServiceFailed("it answered 500");
        remote.abandoned = true;
        run(get(1, "a") + get(2, "b") + close(3));

        assertThat(answers()).contains("{\"ID\":1,\"Miss\":true}", "{\"ID\":2,\"Miss\":true}");
        assertThat(stderr())
                .isEqualTo(
                        "go-cache-adapter: service http://test failed 2 times (last: it answered"
                                + " 500); the build went on without it; 2 gets not answered by it;"
                                + " to find out why: go-cache-adapter doctor\n");
    }

    @Test
    void doesNotSayThatTheBuildWentOnWithoutAServiceThatItWentOnAsking() throws IOException {
        remote.answer = new FetchResult.ServiceFailed("it answered 500");
        run(get(1, "a") + close(2));

        assertThat(stderr())
                .contains("failed once (last: it answered 500); 1 get not answered by it;")
                .doesNotContain("went on without");
    }

    @Test
    void remembersWhatItSaysToNobodyWhenNobodyWatches() throws IOException {
        watched = false;
        remote.answer = new FetchResult.ServiceFailed("it answered 500");
        run(get(1, "a") + close(2));

        assertThat(stderr()).isEmpty();
        assertThat(remembered)
                .singleElement()
                .asString()
                .startsWith("service http://test failed once (last: it answered 500);");
    }

    @Test
    void answersEvenIfTheRemoteCacheHasADefect() throws IOException {
        remote.defect = true;
        run(get(1, "a") + close(2));

        assertThat(answers()).contains("{\"ID\":1,\"Miss\":true}");
        assertThat(stderr()).contains("defect");
    }

    @Test
    void tracesRequestsWithOutcomeAndTimeWhenVerbose() throws IOException {
        verbose = true;
        run(get(1, "a") + put(2, "a", OBJECT) + get(3, "a") + close(4));

        assertThat(stderr().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).matches(traced("get", "miss")),
                        line -> assertThat(line).matches(traced("put", "stored")),
                        line -> assertThat(line).matches(traced("get", "local hit")));
    }

    private static String traced(String what, String outcome) {
        return "go-cache-adapter: %s %s: %s \\(\\d+ µs\\)".formatted(what, action("a"), outcome);
    }

    @Test
    void sumsUpWhatItDid() throws IOException {
        try (StagedObject staged = disk.stage(output(OBJECT), 9)) {
            staged.write(OBJECT, 0, 9);
            remote.answer = new FetchResult.Hit(disk.commit(staged, action("local"), 1), 5);
        }
        run(get(1, "local") + get(2, "remote") + put(3, "new", OBJECT) + close(4));

        SessionReport report = Objects.requireNonNull(statistics);
        assertThat(report.ending()).isEqualTo(SessionReport.Ending.CLOSED);
        assertThat(report.get(Count.LOCAL_HITS)).isEqualTo(1);
        assertThat(report.get(Count.SERVICE_HITS)).isEqualTo(1);
        assertThat(report.get(Count.PUTS)).isEqualTo(1);
        assertThat(report.get(Count.BYTES_FETCHED)).isEqualTo(9);
        assertThat(report.get(Count.BYTES_TRANSFERRED)).isEqualTo(5);
        assertThat(report.get(Count.UPLOADS)).isEqualTo(1);
        // The fake counts none for its gets.
        assertThat(report.get(Count.ROUND_TRIPS)).isEqualTo(1);
        assertThat(report.waitNanos()).isPositive().isLessThan(report.durationNanos());
    }

    @Test
    void sumsUpFailuresAndAnEarlyEnd() throws IOException {
        remote.answer = new FetchResult.ServiceFailed("it answered 500");
        run(get(1, "a"));

        SessionReport report = Objects.requireNonNull(statistics);
        assertThat(report.ending()).isEqualTo(SessionReport.Ending.GONE);
        assertThat(report.get(Count.UNANSWERED)).isEqualTo(1);
        assertThat(report.lastServiceFailure()).isEqualTo("it answered 500");
    }

    @Test
    void aSlowGetHoldsUpNeitherOtherGetsNorPuts() throws Exception {
        remote.gate = new CountDownLatch(1);
        remote.slow = action("slow");
        Thread opener =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    await().until(() -> answers().size() >= 4);
                                    remote.gate.countDown();
                                });
        run(get(1, "slow") + get(2, "a") + put(3, "b", OBJECT) + get(4, "b") + close(5));
        opener.join();

        assertThat(answers().subList(1, 4)).noneMatch(line -> line.contains("\"ID\":1"));
        assertThat(answers().get(4)).isEqualTo("{\"ID\":1,\"Miss\":true}");
        assertThat(answers().getLast()).isEqualTo("{\"ID\":5}");
    }

    @Test
    void answersUnknownCommandsWithAnErrorAndSkipsTheirBodies() throws IOException {
        run("{\"ID\":1,\"Command\":\"put2\",\"BodySize\":3}\n\"AAAA\"\n" + close(2));

        assertThat(answers())
                .containsExactly(
                        GREETING,
                        "{\"ID\":1,\"Err\":\"unknown command \\\"put2\\\"\"}",
                        "{\"ID\":2}");
    }

    @Test
    void refusesABodyShorterThanAnnounced() throws IOException {
        refuses(request(1, "a", OBJECT, 10) + body(OBJECT), "9 bytes, not the announced 10");
    }

    @Test
    void refusesABodyLongerThanAnnounced() throws IOException {
        refuses(request(1, "a", OBJECT, 8) + body(OBJECT), "longer than the announced 8 bytes");
    }

    @Test
    void refusesABodyOfOtherBytesThanAnnounced() throws IOException {
        refuses(request(1, "a", OBJECT, 9) + body(bytes("an 0bject")), "other content");
    }

    @Test
    void refusesABodyThatIsNoBase64() throws IOException {
        refuses(request(1, "a", OBJECT, 9) + "\"*\"\n", "no base64");
    }

    @Test
    void goesOnWithoutWhatTheLocalDiskDoesNotTakeAndSaysSo() throws IOException {
        Path inTheWay = directory.resolve(output(OBJECT).hex().substring(0, 2));
        Files.writeString(inTheWay, "in the way");
        run(put(1, "a", OBJECT) + get(2, "a") + close(3));

        assertThat(answers())
                .startsWith(
                        GREETING,
                        "{\"ID\":1,\"DiskPath\":\"%s/%s-d\"}".formatted(inTheWay, output(OBJECT)),
                        "{\"ID\":2,\"Miss\":true}");
        assertThat(remote.uploads).isEmpty();
        assertThat(stderr())
                .contains("the cache directory " + directory + " did not take 1 object (last: ");
    }

    @Test
    void storesNothingWhenStdinClosesInTheMiddleOfABody() throws IOException {
        String request = put(1, "a", OBJECT);
        run(request.substring(0, request.length() - 5));

        assertThat(answers()).containsExactly(GREETING);
        assertThat(filesOnDisk()).isZero();
        assertThat(remote.uploads).isEmpty();
    }

    @Test
    void uploadsWhatWasPutWhenStdinClosesWithoutClose() throws IOException {
        run(put(1, "a", OBJECT));

        assertThat(remote.uploads).hasSize(1);
    }

    @Test
    void failsOnALineThatIsNoJson() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> run(get(1, "a") + "hello\n"));
    }

    @Test
    void closesWithinTheDrainTimeoutAndSaysWhatWasNotUploaded() throws IOException {
        remote.gate = new CountDownLatch(1);
        drainTimeout = Duration.ofMillis(50);
        run(put(1, "a", OBJECT) + put(2, "b", OBJECT) + close(3));
        remote.gate.countDown();

        assertThat(answers()).endsWith("{\"ID\":3}");
        assertThat(stderr()).contains("2 objects not uploaded within the drain timeout");
    }

    @Test
    void dropsUploadsBeyondTheQueueAndSaysSo() throws IOException {
        remote.gate = new CountDownLatch(1);
        uploadQueue = 1;
        drainTimeout = Duration.ZERO;
        run(put(1, "a", OBJECT) + put(2, "b", OBJECT) + close(3));
        remote.gate.countDown();

        assertThat(stderr()).contains("1 object not uploaded since the queue was full");
    }

    @Test
    void remembersUploadsThatFailBehindABuild() throws IOException {
        remote.gate = new CountDownLatch(1);
        remote.taken = new UploadResult.Failed("it answered 507");
        Session session = session(put(1, "a", OBJECT) + close(2), true);
        session.run();
        assertThat(remembered).isEmpty();

        remote.gate.countDown();
        session.drain(Duration.ofSeconds(20));

        assertThat(remembered)
                .singleElement()
                .asString()
                .contains("not taken after the build: 1 (last: it answered 507)");
        assertThat(stderr()).isEmpty();
    }

    private void refuses(String put, String reason) throws IOException {
        long before = filesOnDisk();
        run(put + close(2));

        assertThat(answers().get(1)).startsWith("{\"ID\":1,\"Err\":").contains(reason);
        assertThat(answers().getLast()).isEqualTo("{\"ID\":2}");
        assertThat(filesOnDisk()).isEqualTo(before);
        assertThat(remote.uploads).isEmpty();
    }

    private void run(String input) throws ProtocolException {
        session(input, false).run();
    }

    private Session session(String input, boolean drainLater) {
        Executor threads = task -> Thread.ofVirtual().start(task);
        return new Session(
                new RequestReader(new ByteArrayInputStream(bytes(input))),
                new ResponseWriter(out),
                disk,
                remote,
                null,
                threads,
                threads,
                new Session.Settings(
                        "http://test", uploadQueue, drainTimeout, false, drainLater, false),
                new Reporter(
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        verbose,
                        () -> watched,
                        remembered::add,
                        report -> statistics = report));
    }

    private List<String> answers() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String stderr() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private long filesOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private static String get(int id, String name) {
        return "{\"ID\":%d,\"Command\":\"get\",\"ActionID\":\"%s\"}\n\n"
                .formatted(id, base64(action(name).bytes()));
    }

    private static String put(int id, String name, byte[] object) {
        return request(id, name, object, object.length) + (object.length == 0 ? "" : body(object));
    }

    private static String request(int id, String name, byte[] object, int size) {
        return "{\"ID\":%d,\"Command\":\"put\",\"ActionID\":\"%s\",\"OutputID\":\"%s\"%s}\n\n"
                .formatted(
                        id,
                        base64(action(name).bytes()),
                        base64(output(object).bytes()),
                        size == 0 ? "" : ",\"BodySize\":" + size);
    }

    private static String body(byte[] bytes) {
        return '"' + base64(bytes) + "\"\n";
    }

    private static String close(int id) {
        return "{\"ID\":" + id + ",\"Command\":\"close\"}\n\n";
    }

    /** Answers each fetch alike, and takes every upload; both can be held up. */
    private static final class FakeRemote implements RemoteCache {

        private final List<ActionId> fetches = new CopyOnWriteArrayList<>();
        private final List<Upload> uploads = new CopyOnWriteArrayList<>();
        private FetchResult answer = new FetchResult.Miss();
        private UploadResult taken = new UploadResult.Stored(10);
        private CountDownLatch gate = new CountDownLatch(0);
        private ActionId slow = action("none");
        private boolean defect;
        private boolean abandoned;

        @Override
        public FetchResult fetch(ActionId action) {
            if (defect) {
                throw new IllegalStateException("a defect");
            }
            fetches.add(action);
            if (action.equals(slow)) {
                pass();
            }
            return answer;
        }

        @Override
        public UploadResult upload(Upload upload) {
            if (slow.equals(action("none"))) {
                pass();
            }
            uploads.add(upload);
            return taken;
        }

        @Override
        public boolean isAbandoned() {
            return abandoned;
        }

        private void pass() {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
