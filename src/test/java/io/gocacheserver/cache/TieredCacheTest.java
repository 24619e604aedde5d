package io.gocacheserver.cache;

import static io.gocacheserver.cache.CacheCounter.GET_FAULT_HIT;
import static io.gocacheserver.cache.CacheCounter.GET_FAULT_MISS;
import static io.gocacheserver.cache.CacheCounter.GET_LOCAL_HIT;
import static io.gocacheserver.cache.CacheCounter.PUT_SKIP_SMALL;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The design's section 2, sentence by sentence. */
class TieredCacheTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456789Z");
    private static final Instant RECORDED = Instant.parse("2025-05-06T07:08:09.987654321Z");
    private static final int MIN_UPLOAD_SIZE = 10;

    private final InMemoryLocalTier local = new InMemoryLocalTier();
    private final InMemoryRemoteTier remote = new InMemoryRemoteTier();
    private final RecordingUploadQueue uploads = new RecordingUploadQueue();
    private final CacheCounters counters = new CacheCounters();
    private final TieredCache cache =
            new TieredCache(
                    local,
                    new TieredCache.Remote(remote, uploads, MIN_UPLOAD_SIZE),
                    counters,
                    key -> {},
                    () -> NOW,
                    new Quotas(new InMemoryLocalTier(), List.of()));
    private final TieredCache localOnly =
            new TieredCache(
                    local,
                    null,
                    counters,
                    key -> {},
                    () -> NOW,
                    new Quotas(new InMemoryLocalTier(), List.of()));
    private final TestObject object = TestObject.ofSize(1000);

    @Nested
    class Get {

        @Test
        void aLocalHitIsTheAnswerAndTheRemoteTierIsNotAsked() throws Exception {
            put(object);
            assertThat(bytes(hit(object))).isEqualTo(object.bytes());
            assertThat(remote.reads).hasValue(0);
            assertCounts(1, 0, 0);
        }

        @Test
        void whatNoTierHasIsAMiss() throws Exception {
            assertThat(cache.get(Access.OPEN, object.action())).isInstanceOf(Lookup.Miss.class);
            assertCounts(0, 0, 1);
        }

        @Test
        void withoutARemoteTierWhatIsNotLocalIsAMiss() throws Exception {
            assertThat(localOnly.get(Access.OPEN, object.action())).isInstanceOf(Lookup.Miss.class);
            assertCounts(0, 0, 1);
        }

        @Test
        void aRemoteHitIsTheAnswerAndNamesItsTier() throws Exception {
            storeRemotely(object);
            Lookup.Hit hit = hit(object);
            assertThat(bytes(hit)).isEqualTo(object.bytes());
            assertThat(hit.tier()).isEqualTo("remote");
            assertCounts(0, 1, 0);
        }

        @Test
        void aRemoteHitIsFaultedIntoTheLocalTier() throws Exception {
            storeRemotely(object);
            hit(object);
            assertThat(hit(object).tier()).isEqualTo("memory");
            assertThat(remote.reads).hasValue(1);
            assertCounts(1, 1, 0);
        }

        @Test
        void theRecordedTimeIsPreserved() throws Exception {
            storeRemotely(object);
            assertThat(hit(object).entry().time()).isEqualTo(RECORDED);
            assertThat(hit(object).entry().time()).isEqualTo(RECORDED);
        }

        @Test
        void whatWasFaultedInIsNotUploadedAgain() throws Exception {
            storeRemotely(object);
            hit(object);
            assertThat(pending()).isEmpty();
        }

        @Test
        void aRemoteErrorIsAnErrorAndNotAMiss() {
            remote.readsFail = true;
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> cache.get(Access.OPEN, object.action()));
            assertCounts(0, 0, 0);
        }

        @Test
        void anActionWhoseObjectCannotBeReadIsAnErrorAndNotAMiss() throws Exception {
            storeRemotely(object);
            remote.objects.clear();
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> cache.get(Access.OPEN, object.action()));
            assertCounts(0, 0, 0);
        }

        @Test
        void aRemoteObjectOfOtherBytesIsAnErrorAndIsNotStored() throws Exception {
            byte[] other = object.bytes().clone();
            other[500] ^= 1;
            assertRefused(other);
        }

        @Test
        void aRemoteObjectThatIsTooShortIsAnErrorAndIsNotStored() throws Exception {
            assertRefused(Arrays.copyOf(object.bytes(), 999));
        }

        @Test
        void aRemoteObjectThatIsTooLongIsAnErrorAndIsNotStored() throws Exception {
            assertRefused(Arrays.copyOf(object.bytes(), 1001));
        }

        @Test
        void aRemoteObjectThatBreaksOffIsAnErrorAndIsNotStored() throws Exception {
            remote.bodiesBreakOff = true;
            assertRefused(object.bytes());
        }

        @Test
        void aRemoteFailureSaysOfWhichKindItIs() throws Exception {
            storeRemotely(object);
            remote.objects.put(object.output(), TestObject.ofSize(object.size()).bytes());
            assertKind(TierException.Remote.Kind.INVALID);
            remote.bodiesBreakOff = true;
            assertKind(TierException.Remote.Kind.UNAVAILABLE);
        }

        @Test
        void everyRemoteBodyIsClosed() throws Exception {
            storeRemotely(object);
            hit(object);
            assertThat(remote.openBodies).hasValue(0);
        }

        @Test
        void concurrentGetsOfOneMissingActionCauseOneRemoteRead() throws Exception {
            storeRemotely(object);
            CountDownLatch gate = new CountDownLatch(1);
            remote.gate = gate;
            List<Future<Lookup>> lookups = new ArrayList<>();
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 32; i++) {
                    lookups.add(executor.submit(() -> cache.get(Access.OPEN, object.action())));
                }
                await().until(() -> remote.reads.get() > 0);
                gate.countDown();
                for (Future<Lookup> lookup : lookups) {
                    assertThat(bytes(Concurrently.result(lookup))).isEqualTo(object.bytes());
                }
            }
            assertThat(remote.reads).hasValue(1);
            assertThat(counters.get(GET_FAULT_HIT) + counters.get(GET_LOCAL_HIT)).isEqualTo(32);
        }

        @Test
        void aLocalTierThatCannotBeReadIsPassedOver() throws Exception {
            storeRemotely(object);
            local.readsFail = true;
            assertThat(bytes(hit(object))).isEqualTo(object.bytes());
            assertCounts(0, 1, 0);
        }

        @Test
        void withoutARemoteTierALocalReadFailureIsAnError() {
            local.readsFail = true;
            assertThatExceptionOfType(TierException.LocalRead.class)
                    .isThrownBy(() -> localOnly.get(Access.OPEN, object.action()));
        }

        private void assertRefused(byte[] stored) throws Exception {
            storeRemotely(object);
            remote.objects.put(object.output(), stored);
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> cache.get(Access.OPEN, object.action()))
                    .withMessageContaining(object.output().hex());
            assertThat(local.usage()).isEqualTo(new StoreReport.Usage(0, 0, 0, 0));
            assertThat(remote.openBodies).hasValue(0);
            assertCounts(0, 0, 0);
        }

        private void assertKind(TierException.Remote.Kind kind) {
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> cache.get(Access.OPEN, object.action()))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
        }

        private void assertCounts(long localHits, long faultHits, long misses) {
            assertThat(counters.get(GET_LOCAL_HIT)).isEqualTo(localHits);
            assertThat(counters.get(GET_FAULT_HIT)).isEqualTo(faultHits);
            assertThat(counters.get(GET_FAULT_MISS)).isEqualTo(misses);
        }
    }

    @Nested
    class Put {

        @Test
        void isThereForTheNextGet() throws Exception {
            put(object);
            assertThat(hit(object).entry())
                    .isEqualTo(new Entry(object.action(), object.output(), object.size(), NOW));
        }

        @Test
        void isPendingForUploadWithItsStoredTime() throws Exception {
            put(object);
            assertThat(pending())
                    .containsExactly(
                            new Entry(object.action(), object.output(), object.size(), NOW));
        }

        @Test
        void aDiskFailureFailsItAndNothingIsUploaded() {
            local.writesFail = true;
            assertThatExceptionOfType(TierException.LocalWrite.class).isThrownBy(() -> put(object));
            assertThat(pending()).isEmpty();
        }

        @Test
        void wakesTheUploadsOnceItIsStored() throws Exception {
            put(object);
            assertThat(uploads.wakes).hasValue(1);
        }

        @Test
        void whatTheQueueDoesNotAdmitIsStoredAndNotUploaded() throws Exception {
            uploads.full = true;
            put(object);
            assertThat(bytes(hit(object))).isEqualTo(object.bytes());
            assertThat(pending()).isEmpty();
            assertThat(uploads.wakes).hasValue(0);
        }

        @Test
        void aSmallObjectThatCannotBeStoredIsNotCountedAsSkipped() {
            local.writesFail = true;
            assertThatExceptionOfType(TierException.LocalWrite.class)
                    .isThrownBy(() -> put(TestObject.ofSize(1)));
            assertThat(counters.get(PUT_SKIP_SMALL)).isZero();
        }

        @Test
        void aSmallObjectIsStoredAndNotUploaded() throws Exception {
            TestObject small = TestObject.ofSize(MIN_UPLOAD_SIZE - 1);
            put(small);
            assertThat(bytes(hit(small))).isEqualTo(small.bytes());
            assertThat(pending()).isEmpty();
            assertThat(counters.get(PUT_SKIP_SMALL)).isEqualTo(1);
        }

        @Test
        void anObjectOfTheMinimumSizeIsUploaded() throws Exception {
            put(TestObject.ofSize(MIN_UPLOAD_SIZE));
            assertThat(pending()).hasSize(1);
            assertThat(counters.get(PUT_SKIP_SMALL)).isZero();
        }

        @Test
        void withoutARemoteTierNothingIsCountedAsSkipped() throws Exception {
            TestObject small = TestObject.ofSize(1);
            localOnly.put(
                    Access.OPEN, small.action(), small.output(), small.size(), small.stream());
            assertThat(counters.get(PUT_SKIP_SMALL)).isZero();
        }

        @Test
        void otherBytesThanAnnouncedAreRefusedAndNeverServed() throws Exception {
            TestObject other = TestObject.ofSize(object.size());
            assertRefused(object.output(), object.size(), other.stream());
        }

        @Test
        void fewerBytesThanAnnouncedAreRefusedAndNeverServed() throws Exception {
            assertRefused(object.output(), object.size() + 1, object.stream());
        }

        @Test
        void moreBytesThanAnnouncedAreRefusedAndNeverServed() throws Exception {
            assertRefused(object.output(), object.size() - 1, object.stream());
        }

        private void assertRefused(OutputId output, long size, InputStream body) throws Exception {
            assertThatExceptionOfType(ObjectMismatchException.class)
                    .isThrownBy(() -> cache.put(Access.OPEN, object.action(), output, size, body));
            assertThat(cache.get(Access.OPEN, object.action())).isInstanceOf(Lookup.Miss.class);
            assertThat(cache.find(Access.OPEN, output)).isEmpty();
            assertThat(pending()).isEmpty();
        }
    }

    @Nested
    class PutInTwoSteps {

        @Test
        void theActionAloneIsRefusedWhereNoTierHasTheObject() throws Exception {
            assertThat(cache.putAction(Access.OPEN, object.action(), object.output())).isFalse();
            assertThat(cache.get(Access.OPEN, object.action())).isInstanceOf(Lookup.Miss.class);
            assertThat(pending()).isEmpty();
        }

        @Test
        void theObjectAndThenTheActionMakeAnEntry() throws Exception {
            putObject();
            assertThat(cache.putAction(Access.OPEN, object.action(), object.output())).isTrue();
            assertThat(bytes(hit(object))).isEqualTo(object.bytes());
        }

        @Test
        void theObjectAloneIsNotUploaded() throws Exception {
            putObject();
            assertThat(pending()).isEmpty();
        }

        @Test
        void theActionIsUploadedTogetherWithItsObject() throws Exception {
            putObject();
            cache.putAction(Access.OPEN, object.action(), object.output());
            Entry entry = new Entry(object.action(), object.output(), object.size(), NOW);
            assertThat(pending()).containsExactly(entry);
        }

        @Test
        void anObjectThatOnlyTheRemoteTierHasWillDo() throws Exception {
            remote.objects.put(object.output(), object.bytes());
            assertThat(cache.putAction(Access.OPEN, object.action(), object.output())).isTrue();
            assertThat(hit(object).tier()).isEqualTo("memory");
        }

        @Test
        void aSmallObjectIsNotUploadedThisWayEither() throws Exception {
            TestObject small = TestObject.ofSize(1);
            cache.putObject(Access.OPEN, small.output(), small.size(), small.stream());
            cache.putAction(Access.OPEN, small.action(), small.output());
            assertThat(pending()).isEmpty();
            assertThat(counters.get(PUT_SKIP_SMALL)).isEqualTo(1);
        }

        @Test
        void otherBytesThanAnnouncedAreRefused() throws Exception {
            assertThatExceptionOfType(ObjectMismatchException.class)
                    .isThrownBy(
                            () ->
                                    cache.putObject(
                                            Access.OPEN,
                                            object.output(),
                                            object.size(),
                                            TestObject.ofSize(object.size()).stream()));
            assertThat(cache.find(Access.OPEN, object.output())).isEmpty();
        }

        private void putObject() throws Exception {
            cache.putObject(Access.OPEN, object.output(), object.size(), object.stream());
        }
    }

    @Nested
    class Find {

        @Test
        void findsWhatIsLocal() throws Exception {
            put(object);
            assertThat(bytes(cache.find(Access.OPEN, object.output()))).isEqualTo(object.bytes());
            assertThat(remote.reads).hasValue(0);
        }

        @Test
        void faultsInWhatIsRemote() throws Exception {
            remote.objects.put(object.output(), object.bytes());
            assertThat(bytes(cache.find(Access.OPEN, object.output()))).isEqualTo(object.bytes());
            assertThat(bytes(cache.find(Access.OPEN, object.output()))).isEqualTo(object.bytes());
            assertThat(remote.reads).hasValue(1);
            assertThat(remote.openBodies).hasValue(0);
        }

        @Test
        void findsNothingWhereNoTierHasIt() throws Exception {
            assertThat(cache.find(Access.OPEN, object.output())).isEmpty();
            assertThat(localOnly.find(Access.OPEN, object.output())).isEmpty();
        }

        @Test
        void refusesARemoteObjectOfOtherBytes() {
            remote.objects.put(object.output(), TestObject.ofSize(object.size()).bytes());
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> cache.find(Access.OPEN, object.output()));
            assertThat(local.usage().objects()).isZero();
            assertThat(remote.openBodies).hasValue(0);
        }

        @Test
        void passesOverALocalTierThatCannotBeRead() throws Exception {
            remote.objects.put(object.output(), object.bytes());
            local.readsFail = true;
            assertThat(bytes(cache.find(Access.OPEN, object.output()))).isEqualTo(object.bytes());
        }

        @Test
        void isNotCountedAmongTheSeedsGets() throws Exception {
            put(object);
            assertThat(cache.find(Access.OPEN, object.output())).isPresent();
            assertThat(counters.get(GET_LOCAL_HIT)).isZero();
        }
    }

    private void put(TestObject object) throws ObjectSourceException, TierException {
        cache.put(Access.OPEN, object.action(), object.output(), object.size(), object.stream());
    }

    private List<Entry> pending() {
        return local.uploads().all().stream().map(Upload::entry).toList();
    }

    private void storeRemotely(TestObject object) {
        remote.objects.put(object.output(), object.bytes());
        remote.actions.put(
                object.key(), new Entry(object.action(), object.output(), object.size(), RECORDED));
    }

    private Lookup.Hit hit(TestObject object) throws TierException {
        return (Lookup.Hit) cache.get(Access.OPEN, object.action());
    }

    private static byte[] bytes(Lookup lookup) throws IOException {
        return bytes(Optional.of(((Lookup.Hit) lookup).content()));
    }

    static byte[] bytes(Optional<Content> content) throws IOException {
        try (InputStream body = content.orElseThrow().open()) {
            return body.readAllBytes();
        }
    }
}
