package io.gocacheserver.web;

import static io.gocacheserver.wire.BulkFrame.ABSENT;
import static io.gocacheserver.wire.BulkFrame.END;
import static io.gocacheserver.wire.BulkFrame.FAILED;
import static io.gocacheserver.wire.BulkFrame.HIT;
import static io.gocacheserver.wire.BulkFrame.NOT_SENT;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.web.BulkFrames.Frame;
import io.gocacheserver.web.bulk.BulkReads;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Bulk reads of contents that turn out not to be readable, and of a service that is about to end. */
class BulkContentTest extends FakeCacheFixture {

    @Autowired private BulkReads reads;
    @Autowired private BulkStatistics statistics;

    @AfterEach
    void running() {
        reads.start();
    }

    @Test
    void anObjectThatWasEvictedSinceItWasLookedUpIsLookedUpAgain() throws Exception {
        TestObject object = text(LARGE);
        AtomicInteger asked = new AtomicInteger();
        Content gone = new Content.InFile(directory.resolve("gone"), LARGE);
        Content back = content(object.bytes(), Coding.IDENTITY, Place.FILE, LARGE);
        cache.holds(object, () -> asked.getAndIncrement() == 0 ? gone : back);
        TestObject next = holding(SMALL, Coding.ZSTD, Place.MEMORY);
        List<Frame> frames = bulk(object.action(), next.action());
        assertThat(BulkFrames.kinds(frames)).containsExactly(HIT, HIT, END);
        assertThat(frames.get(0).object()).isEqualTo(object.bytes());
        assertThat(asked).hasValue(2);
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
                bulk(gone.action(), damaged.action(), TestValues.action("unknown"), right.action());
        assertThat(BulkFrames.kinds(frames)).containsExactly(FAILED, FAILED, ABSENT, HIT, END);
        assertThat(frames.get(3).object()).isEqualTo(right.bytes());
    }

    @Test
    void anObjectThatEndsEarlyCutsTheAnswerOff() throws Exception {
        TestObject before = holding(SMALL, Coding.IDENTITY, Place.MEMORY);
        TestObject shorter = text(LARGE);
        Path file = Files.write(directory.resolve("short"), new byte[LARGE / 2]);
        cache.holds(shorter, () -> new Content.InFile(file, LARGE));
        long cut = statistics.cut();
        List<Frame> frames = bulk(before.action(), shorter.action(), before.action());
        assertThat(BulkFrames.kinds(frames)).containsExactly(HIT);
        assertThat(statistics.cut()).isEqualTo(cut + 1);
    }

    @Test
    void aServiceThatIsAboutToEndRefusesBulkReads() throws Exception {
        reads.stop();
        HttpResponse<byte[]> answer = post("/bulk", new byte[0]);
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
                    reads.stop();
                    return content;
                });
        List<Frame> frames = bulk(first.action(), first.action(), first.action());
        assertThat(BulkFrames.kinds(frames)).endsWith(NOT_SENT, NOT_SENT, END);
    }

    private List<Frame> bulk(ActionId... actions) throws Exception {
        HttpResponse<byte[]> answer = post("/bulk", ActionList.encode(List.of(actions)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return BulkFrames.parse(answer.body());
    }
}
