package io.gocacheserver.cache;

import static io.gocacheserver.cache.CacheCounter.GET_FAULT_HIT;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A local disk that cannot be written does not keep back what the remote tier has. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class ReadThroughTest {

    private final InMemoryLocalTier local = new InMemoryLocalTier();
    private final InMemoryRemoteTier remote = new InMemoryRemoteTier();
    private final CacheCounters counters = new CacheCounters();
    private volatile Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final TieredCache cache =
            new TieredCache(
                    local,
                    new TieredCache.Remote(remote, new RecordingUploadQueue(), 0),
                    counters,
                    key -> {},
                    () -> now,
                    new Quotas(new InMemoryLocalTier(), List.of()));
    private final TestObject small = TestObject.ofSize(FaultIn.MAX_IN_MEMORY);
    private final TestObject large = TestObject.ofSize(FaultIn.MAX_IN_MEMORY + 1);

    @BeforeEach
    void aFullDisk() {
        local.writesFail = true;
        store(small, small.bytes());
        store(large, large.bytes());
    }

    @Test
    void aSmallObjectIsAnsweredFromMemory() throws Exception {
        Lookup.Hit hit = get(small);
        assertThat(hit.content()).isInstanceOf(Content.InMemory.class);
        assertThat(bytes(hit.content())).isEqualTo(small.bytes());
        assertThat(hit.tier()).isEqualTo("remote");
        assertThat(counters.get(GET_FAULT_HIT)).isEqualTo(1);
        assertThat(remote.openBodies).hasValue(0);
    }

    @Test
    void aLargeObjectIsStreamed() throws Exception {
        Lookup.Hit hit = get(large);
        assertThat(hit.content()).isInstanceOf(Content.Streamed.class);
        assertThat(hit.content().size()).isEqualTo(large.size());
        assertThat(bytes(hit.content())).isEqualTo(large.bytes());
        assertThat(counters.get(GET_FAULT_HIT)).isEqualTo(1);
        assertThat(remote.openBodies).hasValue(0);
    }

    @Test
    void anObjectIsFoundByItsHashToo() throws Exception {
        assertThat(bytes(cache.find(Access.OPEN, small.output()).orElseThrow()))
                .isEqualTo(small.bytes());
        assertThat(bytes(cache.find(Access.OPEN, large.output()).orElseThrow()))
                .isEqualTo(large.bytes());
        assertThat(remote.openBodies).hasValue(0);
    }

    @Test
    void aSmallObjectOfOtherBytesIsAnError() {
        store(small, TestObject.ofSize(small.size()).bytes());
        assertThatExceptionOfType(TierException.Remote.class).isThrownBy(() -> get(small));
        assertThat(remote.openBodies).hasValue(0);
    }

    @Test
    void aLargeObjectOfOtherBytesIsNeverDeliveredWhole() throws Exception {
        store(large, TestObject.ofSize(large.size()).bytes());
        try (InputStream body = get(large).content().open()) {
            assertThat(body.readNBytes(large.size() - 1)).hasSize(large.size() - 1);
            assertThatExceptionOfType(ObjectMismatchException.class).isThrownBy(body::read);
        }
        assertThat(remote.openBodies).hasValue(0);
    }

    @Test
    void whoeverDoesNotWantALargeObjectDiscardsIt() throws Exception {
        get(large).content().discard();
        assertThat(remote.openBodies).hasValue(0);
    }

    @Test
    void afterAFailureEachObjectIsReadOnceOnly() throws Exception {
        bytes(get(small).content());
        assertThat(remote.reads).as("the disk was tried").hasValue(2);
        bytes(get(small).content());
        bytes(get(large).content());
        assertThat(remote.reads).hasValue(4);
    }

    @Test
    void aMomentLaterTheDiskIsTriedAgain() throws Exception {
        get(small);
        local.writesFail = false;
        now = now.plus(FaultIn.LEFT_ALONE).minusMillis(1);
        assertThat(get(small).tier()).isEqualTo("remote");
        now = now.plusMillis(1);
        get(small);
        assertThat(get(small).tier()).isEqualTo("memory");
    }

    @Test
    void aClockThatIsPutBackDoesNotKeepTheDiskAlone() throws Exception {
        get(small);
        local.writesFail = false;
        now = now.minus(Duration.ofHours(1));
        get(small);
        assertThat(get(small).tier()).isEqualTo("memory");
    }

    @Test
    void requestsThatWaitForTheSameObjectReadItForThemselves() throws Exception {
        for (TestObject object : List.of(small, large)) {
            now = now.plus(FaultIn.LEFT_ALONE);
            int before = remote.reads.get();
            for (Lookup lookup : getAtOnce(object)) {
                assertThat(bytes(((Lookup.Hit) lookup).content())).isEqualTo(object.bytes());
            }
            assertThat(remote.reads).as("one of them tried the disk").hasValue(before + 9);
            assertThat(remote.openBodies).hasValue(0);
        }
    }

    @Test
    void aPutInTwoStepsFailsAndLeavesNothingOpen() {
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(() -> cache.putAction(Access.OPEN, large.action(), large.output()));
        assertThat(remote.openBodies).hasValue(0);
    }

    @Test
    void aFloodIsLoggedOnce(CapturedOutput output) throws Exception {
        for (int i = 0; i < 5; i++) {
            get(small);
            now = now.plusSeconds(2);
        }
        assertThat(output.toString().split("answering from S3", -1)).hasSize(2);
    }

    private List<Lookup> getAtOnce(TestObject object) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        int before = remote.reads.get();
        remote.gate = gate;
        List<Future<Lookup>> lookups = new ArrayList<>();
        List<Lookup> results = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (var executor =
                Executors.newThreadPerTaskExecutor(
                        task -> {
                            Thread thread = new Thread(task);
                            threads.add(thread);
                            return thread;
                        })) {
            for (int i = 0; i < 8; i++) {
                lookups.add(executor.submit(() -> cache.get(Access.OPEN, object.action())));
            }
            await().until(() -> remote.reads.get() == before + 1);
            await().until(
                            () ->
                                    threads.stream()
                                            .allMatch(t -> t.getState() == Thread.State.WAITING));
            gate.countDown();
            for (Future<Lookup> lookup : lookups) {
                results.add(Concurrently.result(lookup));
            }
        }
        return results;
    }

    private Lookup.Hit get(TestObject object) throws TierException {
        return (Lookup.Hit) cache.get(Access.OPEN, object.action());
    }

    private void store(TestObject object, byte[] bytes) {
        remote.objects.put(object.output(), bytes);
        remote.actions.put(
                object.key(), new Entry(object.action(), object.output(), bytes.length, now));
    }

    private static byte[] bytes(Content content) throws IOException {
        return TieredCacheTest.bytes(Optional.of(content));
    }
}
