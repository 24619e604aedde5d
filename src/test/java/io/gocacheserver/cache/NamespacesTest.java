package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.Access.NotAllowedException;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** Who sees what of whom: a tier that everyone shares, and clients bound to their namespaces. */
class NamespacesTest {

    private static final Namespace PULL = new Namespace("pr-7");
    private static final Namespace OTHER = new Namespace("pr-8");
    private static final Provenance SOMEBODY =
            new Provenance(null, "https://ci", "somebody", "acme/app", "r", "1", "10.0.0.1");
    private static final Access MAIN =
            Access.of(List.of(Namespace.GLOBAL), Namespace.GLOBAL, Provenance.UNKNOWN);
    private static final Access PULLER = Access.of(List.of(PULL, Namespace.GLOBAL), PULL, SOMEBODY);
    private static final Access OTHERS =
            Access.of(List.of(OTHER, Namespace.GLOBAL), OTHER, SOMEBODY);
    private static final Access READER =
            Access.of(List.of(Namespace.GLOBAL), null, Provenance.UNKNOWN);

    private final InMemoryLocalTier local = new InMemoryLocalTier();
    private final InMemoryRemoteTier remote = new InMemoryRemoteTier();
    private final RecordingUploadQueue uploads = new RecordingUploadQueue();
    private final TieredCache cache =
            new TieredCache(
                    local,
                    new TieredCache.Remote(remote, uploads, 0),
                    new CacheCounters(),
                    key -> {},
                    () -> Instant.EPOCH,
                    new Quotas(new InMemoryLocalTier(), List.of()));
    private final TestObject object = TestObject.ofSize(100);
    private final TestObject planted = TestObject.ofSize(100);

    @Test
    void whatAPullRequestPutsIsItsOwn() throws Exception {
        put(PULLER, object.action(), object);

        assertThat(output(PULLER, object.action())).isEqualTo(object.output());
        assertThat(cache.get(MAIN, object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(cache.get(OTHERS, object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(cache.get(READER, object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(cache.has(MAIN, object.action())).isFalse();
        assertThat(cache.hasAtOnce(PULLER, object.action())).contains(true);
        assertThat(cache.getAtOnce(MAIN, object.action())).isEmpty(); // S3 might have it
    }

    @Test
    void whatMainPutsEveryoneReads() throws Exception {
        put(MAIN, object.action(), object);

        assertThat(output(PULLER, object.action())).isEqualTo(object.output());
        assertThat(output(READER, object.action())).isEqualTo(object.output());
    }

    @Test
    void oneActionInTwoNamespacesHasTwoOutputs() throws Exception {
        put(MAIN, object.action(), object);
        put(PULLER, object.action(), planted);

        assertThat(output(MAIN, object.action())).isEqualTo(object.output());
        assertThat(output(OTHERS, object.action())).isEqualTo(object.output());
        assertThat(output(PULLER, object.action())).isEqualTo(planted.output());
        assertThat(local.uploads().all()).hasSize(2);
    }

    @Test
    void anObjectIsFoundThroughAnActionThatMayBeReadOnly() throws Exception {
        put(PULLER, object.action(), object);

        assertThat(cache.find(PULLER, object.output())).isPresent();
        assertThat(cache.find(MAIN, object.output())).isEmpty();
        assertThat(cache.find(OTHERS, object.output())).isEmpty();
        assertThat(cache.find(Access.OPEN, object.output())).isPresent();
    }

    @Test
    void anActionCannotBePointedAtAnObjectThatItsWriterMayNotKnow() throws Exception {
        put(PULLER, object.action(), object);
        TestObject any = TestObject.ofSize(1);

        assertThat(cache.putAction(OTHERS, any.action(), object.output())).isFalse();
        assertThat(cache.putAction(PULLER, any.action(), object.output())).isTrue();
        assertThat(cache.get(OTHERS, any.action())).isInstanceOf(Lookup.Miss.class);
    }

    @Test
    void whoeverHasSentAnObjectMayPointAtIt() throws Exception {
        put(PULLER, object.action(), object);
        cache.putObject(OTHERS, object.output(), object.size(), object.stream());

        assertThat(cache.putAction(OTHERS, object.action(), object.output())).isTrue();
        assertThat(output(OTHERS, object.action())).isEqualTo(object.output());
    }

    @Test
    void whoeverMayOnlyReadPutsNothing() {
        assertThatExceptionOfType(NotAllowedException.class)
                .isThrownBy(() -> put(READER, object.action(), object));
        assertThatExceptionOfType(NotAllowedException.class)
                .isThrownBy(() -> cache.putObject(READER, object.output(), 100, object.stream()));
        assertThatExceptionOfType(NotAllowedException.class)
                .isThrownBy(() -> cache.putAction(READER, object.action(), object.output()));
        assertThat(local.usage().objects()).isZero();
    }

    @Test
    void whatIsFaultedInStaysInTheNamespaceInWhichItWasFound() throws Exception {
        remote.objects.put(object.output(), object.bytes());
        ActionKey key = new ActionKey(PULL, object.action());
        remote.actions.put(key, new Entry(key, object.output(), 100, Instant.EPOCH, SOMEBODY));

        assertThat(cache.get(MAIN, object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(output(PULLER, object.action())).isEqualTo(object.output());
        assertThat(cache.get(MAIN, object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(local.entries(object.action()))
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.key()).isEqualTo(key);
                            assertThat(entry.by()).isEqualTo(SOMEBODY);
                        });
    }

    @Test
    void whoPutAnActionIsRecordedWithIt() throws Exception {
        put(PULLER, object.action(), object);

        assertThat(local.entries(object.action()))
                .singleElement()
                .extracting(Entry::by)
                .isEqualTo(SOMEBODY);
    }

    private void put(Access access, ActionId action, TestObject what) throws Exception {
        cache.put(access, action, what.output(), what.size(), what.stream());
    }

    private OutputId output(Access access, ActionId action) throws Exception {
        return ((Lookup.Hit) cache.get(access, action)).entry().output();
    }
}
