package io.gocacheserver.web;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Objects that cannot be read: a problem, or a connection that is closed too early. Never an answer that looks whole. */
class BrokenContentTest extends FakeCacheFixture {

    @ParameterizedTest
    @EnumSource
    void aSmallFrameThatIsDamagedIsAProblem(Place place) throws Exception {
        TestObject object = text(SMALL);
        byte[] frame = frame(object);
        frame[0] ^= 1;
        holds(object, content(frame, Coding.ZSTD, place, SMALL));
        assertUnreadable(object);
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatEndsEarlyIsAProblem(Place place) throws Exception {
        TestObject object = text(SMALL);
        byte[] frame = frame(object);
        byte[] part = Arrays.copyOf(frame, frame.length - 5);
        holds(object, content(part, Coding.ZSTD, place, SMALL));
        assertUnreadable(object);
    }

    @ParameterizedTest
    @EnumSource
    void aFrameOfAnotherObjectsLengthIsAProblem(Place place) throws Exception {
        for (int other : new int[] {SMALL - 1, SMALL + 1, LARGE}) {
            TestObject object = text(SMALL);
            holds(object, content(frame(text(other)), Coding.ZSTD, place, SMALL));
            assertUnreadable(object);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLargeFrameThatEndsEarlyBreaksTheConnection(Place place) throws Exception {
        TestObject object = text(3_000_000);
        byte[] frame = frame(object);
        byte[] part = Arrays.copyOf(frame, frame.length - 5);
        holds(object, content(part, Coding.ZSTD, place, object.size()));
        assertBreaksOff(object);
    }

    @Test
    void aLargeFrameThatHoldsMoreThanWasRecordedBreaksTheConnection() throws Exception {
        TestObject object = text(3_000_000);
        byte[] more = frame(text(3_000_001));
        holds(object, content(more, Coding.ZSTD, Place.FILE, object.size()));
        assertBreaksOff(object);
    }

    @Test
    void aFileThatIsGoneIsAProblemBeforeAnythingIsSent() throws Exception {
        Path gone = directory.resolve("gone");
        for (int size : new int[] {SMALL, LARGE}) {
            TestObject object = text(size);
            holds(object, new Content.InFile(gone, size / 2, Coding.ZSTD, size));
            assertUnreadable(object);
            assertThat(Files.exists(gone)).isFalse();
        }
    }

    @Test
    void aProblemHasNoneOfTheObjectsHeaders() throws Exception {
        TestObject object = text(LARGE);
        holds(object, new Content.InFile(directory.resolve("gone"), 9, Coding.ZSTD, LARGE));
        var response = get("/output/" + object.output());
        assertProblem(response, ProblemType.DISK_ERROR);
        for (String name : new String[] {"ETag", "Cache-Control", "Go-Output-Id", "Vary"}) {
            assertThat(header(response, name)).as(name).isEqualTo("(none)");
        }
        assertProblem(
                get("/output/" + object.output(), "Range", "bytes=5-9"), ProblemType.DISK_ERROR);
    }

    @Test
    void afterAProblemTheConnectionIsStillInStep() throws Exception {
        TestObject broken = text(SMALL);
        holdsStreamed(broken, new byte[10]);
        TestObject object = holding(SMALL, Coding.ZSTD, Place.MEMORY);
        try (RawHttp connection = connect()) {
            connection.sendHead("GET /output/" + broken.output());
            assertProblem(connection.receive(), ProblemType.S3_ERROR);
            connection.sendHead("GET /output/" + object.output());
            assertThat(connection.receive().body()).isEqualTo(object.bytes());
        }
    }

    @Test
    void streamedObjectsAreSentAndClosed() throws Exception {
        TestObject object = text(LARGE);
        AtomicInteger open = holdsStreamed(object, object.bytes());
        var response = get("/output/" + object.output(), "Accept-Encoding", "zstd");
        assertThat(Arrays.equals(response.body(), object.bytes())).isTrue();
        assertThat(header(response, "Content-Encoding")).isEqualTo("(none)");
        awaitClosed(open);
    }

    @Test
    void streamedObjectsAreClosedWhereTheyAreNotRead() throws Exception {
        TestObject object = text(LARGE);
        AtomicInteger open = holdsStreamed(object, object.bytes());
        String tag = "\"%s\"".formatted(object.output());
        head("/output/" + object.output());
        head("/action/" + object.action(), "Want-Object", "1");
        get("/action/" + object.action());
        get("/action/" + object.action(), "Want-Object", "1", "If-None-Match", tag);
        get("/output/" + object.output(), "If-None-Match", tag);
        get("/output/" + object.output(), "Range", "bytes=9999999-");
        var part = get("/output/" + object.output(), "Range", "bytes=5-9");
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(object.bytes(), 5, 10));
        awaitClosed(open);
    }

    @Test
    void aStreamedObjectThatIsNotTheOneAskedForIsNeverWhole() throws Exception {
        TestObject small = text(SMALL);
        AtomicInteger open = holdsStreamed(small, text(SMALL - 1).bytes());
        assertProblem(get("/output/" + small.output()), ProblemType.S3_ERROR);
        assertProblem(get("/output/" + small.output(), "Range", "bytes=0-1"), ProblemType.S3_ERROR);
        awaitClosed(open);
        TestObject large = text(LARGE);
        open = holdsStreamed(large, text(LARGE - 1).bytes());
        assertBreaksOff(large);
        awaitClosed(open);
    }

    private void holds(TestObject object, Content content) {
        cache.holds(object, () -> content);
    }

    /** The cache holds it as it comes from afar, with these bytes; how many such streams are open. */
    private AtomicInteger holdsStreamed(TestObject object, byte[] bytes) {
        AtomicInteger open = new AtomicInteger();
        cache.holds(
                object,
                () -> {
                    open.incrementAndGet();
                    return new Content.Streamed(
                            new SelfVerifying(bytes, object, open), object.size());
                });
        return open;
    }

    /** An answer may have arrived a moment before the server is done with it. */
    private static void awaitClosed(AtomicInteger open) {
        await().until(() -> open.get() == 0);
    }

    private void assertUnreadable(TestObject object) throws Exception {
        assertProblem(get("/output/" + object.output()), ProblemType.DISK_ERROR);
        assertProblem(
                get("/action/" + object.action(), "Want-Object", "1"), ProblemType.DISK_ERROR);
    }

    private void assertBreaksOff(TestObject object) throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("GET /output/" + object.output());
            String answer = new String(connection.receiveToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200")
                    .contains("Content-Length: " + object.size());
            int body = answer.length() - answer.indexOf("\r\n\r\n") - 4;
            assertThat(body).isBetween(1, object.size() - 1);
        }
    }

    /** As a stream from S3 does: the read that would return the last byte fails unless all were right. */
    private static final class SelfVerifying extends InputStream {

        private final InputStream bytes;
        private final TestObject object;
        private final AtomicInteger open;
        private final boolean right;
        private int left;
        private boolean closed;

        SelfVerifying(byte[] bytes, TestObject object, AtomicInteger open) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.object = object;
            this.open = open;
            this.right = Arrays.equals(bytes, object.bytes());
            this.left = bytes.length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = bytes.read(buffer, offset, length);
            left -= Math.max(n, 0);
            if (left == 0 && !right) {
                throw new IOException("this is not " + object.output());
            }
            return n;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open.decrementAndGet();
            }
        }
    }
}
