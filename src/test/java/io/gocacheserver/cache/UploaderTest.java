package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

class UploaderTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456789Z");
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final InMemoryLocalTier local = new InMemoryLocalTier();
    private final InMemoryRemoteTier remote = new InMemoryRemoteTier();
    private final CacheCounters counters = new CacheCounters();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Uploader uploader = new Uploader(local, remote, counters, TIMEOUT, clock::get);
    private final TestObject object = TestObject.ofSize(100);
    private final Entry entry = new Entry(object.action(), object.output(), object.size(), TIME);

    @Test
    void sendsTheObjectBeforeTheAction() throws Exception {
        upload();
        assertThat(remote.writes)
                .containsExactly("object " + object.output(), "action " + object.action());
        assertThat(remote.objects.get(object.output())).isEqualTo(object.bytes());
        assertCounts(1, 0, 1, 0);
    }

    @Test
    void theActionCarriesTheStoredTime() throws Exception {
        upload();
        assertThat(remote.actions.get(object.action())).isEqualTo(entry);
    }

    @Test
    void anObjectThatIsThereCountsAsFoundAndItsActionIsWrittenAllTheSame() throws Exception {
        remote.objects.put(object.output(), object.bytes());
        upload();
        assertThat(remote.actions).containsKey(object.action());
        assertCounts(0, 1, 1, 0);
    }

    @Test
    void anObjectThatFailsKeepsItsActionAwayAndIsOneError() throws Exception {
        remote.objectWritesFail = true;
        upload();
        assertThat(remote.writes).containsExactly("object " + object.output());
        assertCounts(0, 0, 0, 1);
    }

    @Test
    void anActionThatFailsIsOneError() throws Exception {
        remote.actionWritesFail = true;
        upload();
        assertCounts(1, 0, 0, 1);
    }

    @Test
    void oneTimeoutCoversBoth() throws Exception {
        remote.whileWriting = () -> clock.addAndGet(Duration.ofSeconds(40).toNanos());
        upload();
        assertThat(remote.timeouts).containsExactly(TIMEOUT, Duration.ofSeconds(20));
    }

    @Test
    void whenTheObjectUsedUpTheTimeTheActionIsNotTried() throws Exception {
        remote.whileWriting = () -> clock.addAndGet(TIMEOUT.toNanos());
        upload();
        assertThat(remote.writes).containsExactly("object " + object.output());
        assertThat(remote.actions).isEmpty();
        assertCounts(1, 0, 0, 1);
    }

    @Test
    void anObjectThatIsGoneFromDiskIsAnError() {
        uploader.upload(new Upload(entry, 1, TIME, 0));
        assertThat(remote.writes).isEmpty();
        assertCounts(0, 0, 0, 1);
    }

    @Test
    void aDiskThatCannotBeReadIsAnError() throws Exception {
        local.put(entry, object.stream(), true);
        local.readsFail = true;
        uploader.upload(new Upload(entry, 1, TIME, 0));
        assertCounts(0, 0, 0, 1);
    }

    @Test
    void anUnexpectedFailureIsAnErrorAndDoesNotEscape() throws Exception {
        remote.whileWriting =
                () -> {
                    throw new IllegalStateException("a bug in the SDK");
                };
        upload();
        assertCounts(0, 0, 0, 1);
    }

    private void upload() throws Exception {
        local.put(entry, object.stream(), true);
        uploader.upload(new Upload(entry, 1, TIME, 0));
    }

    private void assertCounts(long sent, long found, long actions, long errors) {
        assertThat(counters.get(CacheCounter.PUT_S3_OBJECT)).isEqualTo(sent);
        assertThat(counters.get(CacheCounter.PUT_S3_FOUND)).isEqualTo(found);
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(actions);
        assertThat(counters.get(CacheCounter.PUT_S3_ERROR)).isEqualTo(errors);
    }
}
