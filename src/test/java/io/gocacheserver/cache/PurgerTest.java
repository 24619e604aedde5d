package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Purger.Purged;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.PurgeLog;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class PurgerTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final InMemoryLocalTier local = new InMemoryLocalTier();
    private final InMemoryRemoteTier remote = new InMemoryRemoteTier();
    private final RecordingUploadQueue uploads = new RecordingUploadQueue();
    private final RecordingPurgeLog purges = new RecordingPurgeLog();
    private final Purger purger =
            new Purger(local, new TieredCache.Remote(remote, uploads, 0), purges, () -> NOW);
    private final TestObject object = TestObject.ofSize(100);
    private final ActionKey other =
            ActionKey.global(TestValues.action("another action of the same object"));

    @BeforeEach
    void storeEverywhere() throws Exception {
        for (ActionKey action : List.of(object.key(), other)) {
            Entry entry = new Entry(action.action(), object.output(), object.size(), NOW);
            local.put(entry, object.stream(), true);
            remote.actions.put(action, entry);
        }
        remote.objects.put(object.output(), object.bytes());
    }

    @Test
    void anActionIsRemovedOnDiskAndItsRecordInTheRemoteTier() throws Exception {
        Purged purged = purger.purge(object.action(), null, "jo", "10.0.0.1", "bad");
        assertThat(purged.isComplete()).isTrue();
        assertThat(purged.actions()).containsExactly(object.key());
        assertThat(purged.objects()).isEmpty();
        assertThat(local.get(object.key())).isInstanceOf(Lookup.Miss.class);
        assertThat(local.get(other)).isInstanceOf(Lookup.Hit.class);
        assertThat(remote.actions).containsOnlyKeys(other);
        assertThat(remote.objects).containsOnlyKeys(object.output());
        assertThat(local.uploads().all()).hasSize(1);
    }

    @Test
    void theLastActionTakesItsObjectFromDiskWithIt() throws Exception {
        purger.purge(object.action(), null, "jo", "10.0.0.1", null);
        Purged purged = purger.purge(other.action(), null, "jo", "10.0.0.1", null);
        assertThat(purged.objects()).containsExactly(object.output());
        assertThat(local.find(object.output())).isEmpty();
        assertThat(remote.objects).containsOnlyKeys(object.output());
    }

    @Test
    void anOutputTakesEverythingThatLeadsToItWithIt() throws Exception {
        Purged purged = purger.purge(object.output(), "jo", "10.0.0.1", "bad");
        assertThat(purged.isComplete()).isTrue();
        assertThat(purged.actions()).containsExactlyInAnyOrder(object.key(), other);
        assertThat(purged.objects()).containsExactly(object.output());
        assertThat(local.usage()).isEqualTo(new StoreReport.Usage(0, 0, 0, 0));
        assertThat(local.uploads().all()).isEmpty();
        assertThat(remote.actions).isEmpty();
        assertThat(remote.objects).isEmpty();
    }

    @Test
    void whatTheDiskDoesNotKnowIsPurgedFromTheRemoteTierAllTheSame() throws Exception {
        local.remove(object.output());
        Purged action = purger.purge(object.action(), null, "jo", "10.0.0.1", null);
        Purged output = purger.purge(object.output(), "jo", "10.0.0.1", null);
        assertThat(action.actions()).isEmpty();
        assertThat(output.objects()).isEmpty();
        assertThat(remote.actions).containsOnlyKeys(other);
        assertThat(remote.objects).isEmpty();
    }

    @Test
    void theRemoteTierIsPurgedAfterTheUploadsUnderWay() {
        purger.purge(object.action(), null, "jo", "10.0.0.1", null);
        purger.purge(object.output(), "jo", "10.0.0.1", null);
        assertThat(uploads.waits)
                .containsExactly("action " + object.action(), "output " + object.output());
    }

    @Test
    void anUploadThatDoesNotEndIsSaid() {
        uploads.stuck = true;
        Purged purged = purger.purge(object.action(), null, "jo", "10.0.0.1", null);
        assertThat(purged.isComplete()).isFalse();
        assertThat(purged.failures())
                .containsExactly("an upload is still under way, and may bring it back");
        assertThat(remote.actions).containsOnlyKeys(other);
    }

    @Test
    void whatAGetBringsBackMeanwhileIsRemovedAgain() throws Exception {
        Entry entry = new Entry(object.action(), object.output(), object.size(), NOW);
        local.remove(object.output());
        remote.whileDeleting =
                () -> {
                    remote.whileDeleting = () -> {};
                    put(entry);
                };
        Purged purged = purger.purge(object.output(), "jo", "10.0.0.1", null);
        assertThat(local.usage().objects()).isZero();
        assertThat(purged.actions()).containsExactly(object.key());
        assertThat(remote.actions).containsOnlyKeys(other);
    }

    @Test
    void aRemoteTierThatFailsIsSaidInResultRecordAndLog(CapturedOutput output) {
        remote.deletesFail = true;
        remote.failsWith = Kind.REFUSED;
        Purged purged = purger.purge(object.output(), "jo", "10.0.0.1", "bad");
        assertThat(purged.isComplete()).isFalse();
        assertThat(purged.remote()).isEqualTo("deleted 0 records and objects, NOT 3");
        assertThat(purged.failures())
                .hasSize(3)
                .anyMatch(failure -> failure.startsWith("object " + object.output()));
        assertThat(purged.objects()).containsExactly(object.output());
        assertThat(purges.all.getFirst().remote()).contains("NOT 3").contains("[s3]");
        assertThat(output).contains("NOT COMPLETE");
    }

    @Test
    void aRemoteTierThatDoesNotAnswerIsAskedOnce() {
        remote.deletesFail = true;
        Purged purged = purger.purge(object.output(), "jo", "10.0.0.1", "bad");
        assertThat(remote.writes).hasSize(1);
        assertThat(purged.remote()).isEqualTo("deleted 0 records and objects, NOT 3");
    }

    @Test
    void aDiskThatFailsIsSaidAndTheRemoteTierIsPurgedAllTheSame() {
        local.writesFail = true;
        Purged purged = purger.purge(object.action(), null, "jo", "10.0.0.1", null);
        assertThat(purged.failures()).isNotEmpty().allMatch(f -> f.contains("no space left"));
        assertThat(remote.actions).containsOnlyKeys(other);
    }

    @Test
    void withoutARemoteTierItSaysSo() {
        Purged purged =
                new Purger(local, null, purges, () -> NOW)
                        .purge(object.output(), "jo", "10.0.0.1", null);
        assertThat(purged.isComplete()).isTrue();
        assertThat(purged.remote()).isEqualTo("there is none");
    }

    @Test
    void isRecorded() {
        purger.purge(object.output(), "jo", "10.0.0.1", "bad");
        assertThat(purges.all)
                .containsExactly(
                        new PurgeLog.Purge(
                                NOW,
                                "jo",
                                "10.0.0.1",
                                "output",
                                object.output().hex(),
                                "bad",
                                2,
                                1,
                                "deleted 3 records and objects"));
    }

    @Test
    void isLoggedInOneLineWhateverSomebodySends(CapturedOutput output) {
        purger.purge(object.action(), null, "jo\nroot", "10.0.0.1", "bad\r\nworse");
        assertThat(output)
                .contains("purge of action " + object.action() + " by jo?root from 10.0.0.1")
                .contains("reason: bad??worse");
    }

    @Test
    void aRecordThatCannotBeStoredIsSaid() {
        purges.fail = true;
        Purged purged = purger.purge(object.action(), null, "jo", "10.0.0.1", null);
        assertThat(purged.failures()).singleElement().asString().contains("not recorded");
    }

    @Test
    void allThatOneWriterHasPutIsRemovedFromBothTiersAndNothingElse() throws Exception {
        Provenance bad = new Provenance(null, "https://ci", "mallory", null, null, "7", null);
        Namespace team = new Namespace("team");
        TestObject planted = TestObject.ofSize(10);
        TestObject remoteOnly = TestObject.ofSize(10);
        Entry here =
                new Entry(
                        new ActionKey(team, planted.action()),
                        planted.output(),
                        planted.size(),
                        NOW,
                        bad);
        Entry elsewhere =
                new Entry(remoteOnly.key(), remoteOnly.output(), remoteOnly.size(), NOW, bad);
        local.put(here, planted.stream(), true);
        remote.actions.put(here.key(), here);
        remote.actions.put(elsewhere.key(), elsewhere);
        WrittenBy query =
                new WrittenBy(
                        new Provenance(null, null, "mallory", null, null, null, null),
                        null,
                        NOW,
                        NOW.plusSeconds(1));

        assertThat(purger.written(query, 10)).containsExactlyInAnyOrder(here, elsewhere);
        Purged purged = purger.purge(query, "jo", "10.0.0.1", "poisoned");

        assertThat(purged.isComplete()).isTrue();
        assertThat(purged.actions()).containsExactly(here.key());
        assertThat(purged.objects()).containsExactly(planted.output());
        assertThat(remote.actions).containsOnlyKeys(object.key(), other);
        assertThat(local.get(object.key())).isInstanceOf(Lookup.Hit.class);
        assertThat(purger.written(query, 10)).isEmpty();
        assertThat(purges.all.getFirst().kind()).isEqualTo("writes");
    }

    @Test
    void moreThanFitsInMemoryIsRemovedPartByPartAndCounted() throws Exception {
        Namespace rateLimitedLog = new Namespace("pr-7");
        int many = 2 * Purged.MAX_NAMED + 1;
        for (int i = 0; i < many; i++) {
            ActionKey key = new ActionKey(rateLimitedLog, TestValues.action("action " + i));
            local.put(
                    new Entry(key, object.output(), object.size(), NOW, Provenance.UNKNOWN),
                    object.stream(),
                    false);
        }
        WrittenBy query =
                new WrittenBy(Provenance.UNKNOWN, rateLimitedLog, NOW, NOW.plusSeconds(1));

        Purged purged = purger.purge(query, "jo", "10.0.0.1", "too much");

        assertThat(purged.isComplete()).isTrue();
        assertThat(purged.actionsRemoved()).isEqualTo(many);
        assertThat(purged.actions()).hasSize(Purged.MAX_NAMED);
        assertThat(purger.written(query, 10)).isEmpty();
        assertThat(purges.all.getFirst().actions()).isEqualTo(many);
        assertThat(local.largestList).isLessThanOrEqualTo(Purged.MAX_NAMED);
    }

    @Test
    void ofManyWritesTheLatestAreListed() throws Exception {
        for (int i = 0; i < 100; i++) {
            Entry entry =
                    new Entry(
                            TestValues.action("action " + i),
                            object.output(),
                            object.size(),
                            NOW.plusSeconds(i));
            remote.actions.put(entry.key(), entry);
        }
        WrittenBy query = new WrittenBy(Provenance.UNKNOWN, Namespace.GLOBAL, NOW, Instant.MAX);

        assertThat(purger.written(query, 3))
                .extracting(Entry::time)
                .containsExactly(NOW.plusSeconds(99), NOW.plusSeconds(98), NOW.plusSeconds(97));
    }

    @Test
    void whatOneTierCannotListIsRemovedFromTheOther() throws Exception {
        remote.failsWith = Kind.REFUSED;
        remote.readsFail = true;
        WrittenBy query =
                new WrittenBy(Provenance.UNKNOWN, Namespace.GLOBAL, NOW, NOW.plusSeconds(1));

        Purged purged = purger.purge(query, "jo", "10.0.0.1", null);

        assertThat(purged.isComplete()).isFalse();
        assertThat(purged.actions()).containsExactlyInAnyOrder(object.key(), other);
    }

    @Test
    void anActionIsRemovedFromAllNamespacesOrFromOne() throws Exception {
        Namespace team = new Namespace("team");
        Entry there =
                new Entry(
                        new ActionKey(team, object.action()),
                        object.output(),
                        object.size(),
                        NOW,
                        Provenance.UNKNOWN);
        local.put(there, object.stream(), false);
        remote.actions.put(there.key(), there);

        assertThat(purger.purge(object.action(), team, "jo", "10.0.0.1", null).actions())
                .containsExactly(there.key());
        assertThat(remote.actions).containsOnlyKeys(object.key(), other);

        local.put(there, object.stream(), false);
        assertThat(purger.purge(object.action(), null, "jo", "10.0.0.1", null).actions())
                .containsExactlyInAnyOrder(object.key(), there.key());
        assertThat(remote.actions).containsOnlyKeys(other);
    }

    private void put(Entry entry) {
        try {
            local.put(entry, object.stream(), false);
        } catch (ObjectSourceException | TierException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class RecordingPurgeLog implements PurgeLog {

        private final List<Purge> all = new ArrayList<>();
        private boolean fail;

        @Override
        public void add(Purge purge) throws TierException {
            if (fail) {
                throw new TierException.LocalWrite("no space left", null);
            }
            all.add(purge);
        }

        @Override
        public List<Purge> latest(int max) {
            return all;
        }
    }
}
