package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.RemoteTier.UploadBody;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

class UploaderTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456789Z");
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final InMemoryLocalTier local = new InMemoryLocalTier();
    private final InMemoryRemoteTier remote = new InMemoryRemoteTier();
    private final CacheCounters counters = new CacheCounters();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final Uploader uploader =
            new Uploader(local, local, remote, counters, TIMEOUT, clock::get);
    private final TestObject object = TestObject.ofSize(100);
    private final Entry entry = new Entry(object.action(), object.output(), object.size(), TIME);
    private final Upload upload = new Upload(entry, 1, TIME, 0);

    @Test
    void sendsTheObjectBeforeTheAction() throws Exception {
        upload();
        assertThat(remote.writes)
                .containsExactly("object " + object.output(), "action " + object.action());
        assertThat(remote.objects.get(object.output())).isEqualTo(object.bytes());
        assertCounts(1, 0, 1, 0);
    }

    @Test
    void aFileOfAModuleIsOneObject() throws Exception {
        ActionKey key = new ActionKey(Namespace.GLOBAL.modules(), object.action());
        Entry file = new Entry(key, object.output(), object.size(), TIME, Provenance.UNKNOWN);
        local.put(file, object.stream(), true);
        assertThat(uploader.upload(new Upload(file, 1, TIME, 0)))
                .isInstanceOf(UploadResult.Done.class);
        assertThat(remote.writes).containsExactly("file " + key);
        assertThat(remote.files.get(key)).isEqualTo(object.bytes());
        assertCounts(0, 0, 0, 0);
    }

    @Test
    void theActionCarriesTheStoredTime() throws Exception {
        upload();
        assertThat(remote.actions.get(object.key())).isEqualTo(entry);
    }

    @Test
    void anObjectThatIsThereCountsAsFoundAndItsActionIsWrittenAllTheSame() throws Exception {
        remote.objects.put(object.output(), object.bytes());
        upload();
        assertThat(remote.actions).containsKey(object.key());
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
    void anObjectThatIsGoneFromDiskIsLost() {
        assertThat(uploader.upload(upload)).isInstanceOf(UploadResult.Lost.class);
        assertThat(remote.writes).isEmpty();
        assertCounts(0, 0, 0, 1);
    }

    @Test
    void aDiskThatCannotBeReadIsAnErrorThatMayPass() throws Exception {
        local.put(entry, object.stream(), true);
        local.readsFail = true;
        assertThat(uploader.upload(upload)).isInstanceOf(UploadResult.Failed.class);
        assertCounts(0, 0, 0, 1);
    }

    @Test
    void anUnexpectedFailureIsAnErrorAndDoesNotEscape() throws Exception {
        remote.whileWriting =
                () -> {
                    throw new IllegalStateException("a bug in the SDK");
                };
        assertThat(upload()).isInstanceOf(UploadResult.Failed.class);
        assertCounts(0, 0, 0, 1);
    }

    @Test
    void aFailureSaysWhetherItIsAnOutage() throws Exception {
        remote.objectWritesFail = true;
        assertThat(upload())
                .isInstanceOfSatisfying(
                        UploadResult.Failed.class, f -> assertThat(f.isOutage()).isTrue());
        remote.failsWith = TierException.Remote.Kind.REFUSED;
        assertThat(upload())
                .isInstanceOfSatisfying(
                        UploadResult.Failed.class, f -> assertThat(f.isOutage()).isFalse());
    }

    @Test
    void aDamagedObjectIsNeverSentAndIsReported() throws Exception {
        byte[] damaged = object.bytes().clone();
        damaged[50] ^= 1;
        assertLost(damaged, Coding.IDENTITY, damaged.length);
    }

    @Test
    void aTruncatedObjectIsNeverSentAndIsReported() throws Exception {
        assertLost(Arrays.copyOf(object.bytes(), 99), Coding.IDENTITY, object.size());
    }

    @Test
    void aCompressedObjectThatCannotBeDecodedIsNeverSentAndIsReported() throws Exception {
        byte[] compressed = Zstd.compress(object.bytes());
        assertLost(Arrays.copyOf(compressed, compressed.length - 3), Coding.ZSTD, object.size());
        byte[] noFrame = new byte[compressed.length];
        assertLost(noFrame, Coding.ZSTD, object.size());
    }

    @Test
    void aCompressedObjectThatDecodesToOtherBytesIsNeverSentAndIsReported() throws Exception {
        byte[] other = Zstd.compress(TestObject.ofSize(object.size()).bytes());
        assertLost(other, Coding.ZSTD, object.size());
    }

    @Test
    void aCompressedObjectIsSentAsStoredToATierThatWantsItSo() throws Exception {
        local.coding = Coding.ZSTD;
        remote.codes = true;
        upload();
        UploadBody body = remote.bodies.getFirst();
        byte[] sent = body.open().readAllBytes();
        assertThat(Zstd.decompress(sent, object.size())).isEqualTo(object.bytes());
        assertThat(body.length()).isEqualTo(sent.length);
        assertThat(body.md5()).isEqualTo(TestObject.md5(sent));
        assertThat(body.identityMd5()).isEqualTo(object.md5());
    }

    @Test
    void aCompressedObjectIsSentDecodedToAnyOther() throws Exception {
        local.coding = Coding.ZSTD;
        upload();
        UploadBody body = remote.bodies.getFirst();
        assertThat(body.open().readAllBytes()).isEqualTo(object.bytes());
        assertThat(body.length()).isEqualTo(object.size());
        assertThat(body.md5()).isEqualTo(object.md5());
    }

    private UploadResult upload() throws Exception {
        local.put(entry, object.stream(), true);
        return uploader.upload(upload);
    }

    private void assertLost(byte[] stored, Coding coding, long size) throws Exception {
        local.damage(object.output(), stored, coding, size);
        assertThat(uploader.upload(upload)).isInstanceOf(UploadResult.Lost.class);
        assertThat(remote.writes).isEmpty();
        assertThat(local.damaged).contains("UPLOAD " + object.output());
    }

    private void assertCounts(long sent, long found, long actions, long errors) {
        assertThat(counters.get(CacheCounter.PUT_S3_OBJECT)).isEqualTo(sent);
        assertThat(counters.get(CacheCounter.PUT_S3_FOUND)).isEqualTo(found);
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(actions);
        assertThat(counters.get(CacheCounter.PUT_S3_ERROR)).isEqualTo(errors);
    }
}
