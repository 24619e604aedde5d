package io.gocacheserver.web;

import static io.gocacheserver.wire.PrefetchFrame.ABSENT;
import static io.gocacheserver.wire.PrefetchFrame.END;
import static io.gocacheserver.wire.PrefetchFrame.HIT;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.web.PrefetchFrames.Frame;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Clients that do not say that they take executables get none, wherever and however those are stored. */
class ExecutablesTest extends FakeCacheFixture {

    /** How a tier has an object at hand. */
    enum At {
        MEMORY,
        MEMORY_CODED,
        FILE,
        FILE_CODED,
        REMOTE
    }

    private final AtomicInteger closed = new AtomicInteger();

    @ParameterizedTest
    @EnumSource
    void anActionOfOneIsAbsent(At at) throws Exception {
        TestObject executable = holding(at, "\u007fELF");
        String path = "/action/" + executable.action();

        assertProblem(get(path), ProblemType.MISS);
        HttpResponse<byte[]> miss = get(path, "Want-Object", "1");
        assertProblem(miss, ProblemType.MISS);
        assertThat(header(miss, "Vary")).contains("Want-Executable");
        assertProblem(get(path, "Want-Object", "1", "Want-Executable", "0"), ProblemType.MISS);
        assertThat(head(path, "Want-Object", "1").statusCode()).isEqualTo(404);
        assertThat(PrefetchFrames.kinds(prefetched(executable))).containsExactly(ABSENT, END);
        assertThat(closed).hasValue(at == At.REMOTE ? 5 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void whoTakesThemGetsThem(At at) throws Exception {
        TestObject executable = holding(at, "\u007fELF");
        String path = "/action/" + executable.action();

        HttpResponse<byte[]> hit = get(path, "Want-Object", "1", "Want-Executable", "1");
        assertThat(hit.body()).isEqualTo(executable.bytes());
        assertThat(header(hit, "Vary")).contains("Want-Executable");
        assertThat(get(path, "Want-Executable", "1").statusCode()).isEqualTo(200);
        List<Frame> frames = prefetched(executable, "Want-Executable", "1");
        assertThat(PrefetchFrames.kinds(frames)).containsExactly(HIT, END);
    }

    @ParameterizedTest
    @EnumSource
    void otherObjectsComeWhole(At at) throws Exception {
        TestObject archive = holding(at, "!<arch>\n");

        assertThat(get("/action/" + archive.action(), "Want-Object", "1").body())
                .isEqualTo(archive.bytes());
        List<Frame> frames = prefetched(archive);
        assertThat(PrefetchFrames.kinds(frames)).containsExactly(HIT, END);
        assertThat(frames.getFirst().object()).isEqualTo(archive.bytes());
    }

    private TestObject holding(At at, String head) throws IOException {
        byte[] bytes = new byte[LARGE];
        byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(first, 0, bytes, 0, first.length);
        TestObject object = TestObject.of(bytes);
        Content stored =
                switch (at) {
                    case MEMORY -> content(bytes, Coding.IDENTITY, Place.MEMORY, LARGE);
                    case MEMORY_CODED -> content(frame(object), Coding.ZSTD, Place.MEMORY, LARGE);
                    case FILE, REMOTE -> content(bytes, Coding.IDENTITY, Place.FILE, LARGE);
                    case FILE_CODED -> content(frame(object), Coding.ZSTD, Place.FILE, LARGE);
                };
        Supplier<Content> streamed = () -> new Content.Streamed(new Remote(bytes), LARGE);
        cache.holds(object, at == At.REMOTE ? streamed : () -> stored);
        return object;
    }

    private List<Frame> prefetched(TestObject object, String... headers) throws Exception {
        return frames("", List.of(object.action()), headers);
    }

    /** A connection that waits for somebody to read or close it. */
    private final class Remote extends ByteArrayInputStream {

        Remote(byte[] bytes) {
            super(bytes);
        }

        @Override
        public void close() throws IOException {
            closed.incrementAndGet();
            super.close();
        }
    }
}
