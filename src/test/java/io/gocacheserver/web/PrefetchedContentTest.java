package io.gocacheserver.web;

import static io.gocacheserver.wire.PrefetchFrame.ABSENT;
import static io.gocacheserver.wire.PrefetchFrame.END;
import static io.gocacheserver.wire.PrefetchFrame.FAILED;
import static io.gocacheserver.wire.PrefetchFrame.HIT;
import static io.gocacheserver.wire.PrefetchFrame.NOT_SENT;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.web.PrefetchFrames.Frame;
import io.gocacheserver.web.prefetch.Prefetches;
import io.gocacheserver.wire.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Starts of builds with contents that turn out not to be readable, and of a service that is about to end. */
class PrefetchedContentTest extends FakeCacheFixture {

    @Autowired private Prefetches prefetches;
    @Autowired private MeterRegistry registry;

    @AfterEach
    void running() {
        prefetches.start();
    }

    @Test
    void anObjectThatCannotBeReadFailsAndTheRestGoesOn() throws Exception {
        TestObject gone = text(SMALL);
        cache.holds(gone, () -> new Content.InFile(directory.resolve("gone"), SMALL));
        TestObject damaged = text(SMALL);
        byte[] noFrame = frame(damaged);
        Arrays.fill(noFrame, (byte) 7);
        cache.holds(damaged, () -> new Content.InMemory(noFrame, Coding.ZSTD, SMALL));
        TestObject right = holding(LARGE, Coding.ZSTD, Place.FILE);
        List<Frame> frames =
                prefetched(
                        gone.action(),
                        damaged.action(),
                        TestValues.action("unknown"),
                        right.action());
        assertThat(PrefetchFrames.kinds(frames)).containsExactly(FAILED, FAILED, ABSENT, HIT, END);
        assertThat(frames.get(3).object()).isEqualTo(right.bytes());
    }

    @Test
    void anObjectThatEndsEarlyCutsTheAnswerOff() throws Exception {
        TestObject before = holding(SMALL, Coding.IDENTITY, Place.MEMORY);
        TestObject shorter = text(LARGE);
        Path file = Files.write(directory.resolve("short"), new byte[LARGE / 2]);
        cache.holds(shorter, () -> new Content.InFile(file, LARGE));
        double cut = cut();
        TestObject after = holding(SMALL, Coding.IDENTITY, Place.MEMORY);
        List<Frame> frames = prefetched(before.action(), shorter.action(), after.action());
        assertThat(PrefetchFrames.kinds(frames)).containsExactly(HIT);
        assertThat(cut()).isEqualTo(cut + 1);
    }

    @Test
    void aServiceThatIsAboutToEndRefusesStarts() throws Exception {
        prefetches.stop();
        HttpResponse<byte[]> answer = prefetch("", List.of(TestValues.action("any")));
        assertProblem(answer, ProblemType.BUSY);
        assertThat(header(answer, "Retry-After")).isEqualTo("5");
    }

    @Test
    void oneThatRunsThenEndsEarly() throws Exception {
        TestObject first = text(SMALL);
        Content content = content(first.bytes(), Coding.IDENTITY, Place.MEMORY, SMALL);
        cache.holds(
                first,
                () -> {
                    prefetches.stop();
                    return content;
                });
        TestObject second = holding(SMALL, Coding.IDENTITY, Place.MEMORY);
        TestObject third = holding(SMALL, Coding.IDENTITY, Place.MEMORY);
        List<Frame> frames = prefetched(first.action(), second.action(), third.action());
        assertThat(PrefetchFrames.kinds(frames)).endsWith(NOT_SENT, NOT_SENT, END);
    }

    private List<Frame> prefetched(ActionId... actions) throws Exception {
        return frames("", List.of(actions));
    }

    private double cut() {
        return registry.get("gocache.prefetch.requests").tag("outcome", "cut").counter().count();
    }
}
