package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.TestObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class NamespacedDiskTest extends DiskFixture {

    private static final Namespace TEAM = new Namespace("team");
    private static final Namespace OTHER = new Namespace("other");
    private static final Provenance ALICE =
            new Provenance(null, "https://ci", "alice", "acme/app", "main", "1", "10.0.0.1");
    private static final Provenance BOB =
            new Provenance("bob", null, null, null, null, null, "10.0.0.2");

    @Test
    void oneActionHasAnotherOutputInEachNamespaceAlsoAfterARestart() throws Exception {
        TestObject global = put(TestObject.ofSize(10));
        TestObject small = TestObject.ofSize(20);
        TestObject large = TestObject.ofSize(SIZE_OF_BLOB);
        put(TEAM, global, small, ALICE);
        put(OTHER, global, large, BOB);
        for (int i = 0; i < 2; i++) {
            assertThat(hit(global.action()).entry().output()).isEqualTo(global.output());
            assertThat(entry(TEAM, global).output()).isEqualTo(small.output());
            assertThat(entry(TEAM, global).by()).isEqualTo(ALICE);
            assertThat(entry(OTHER, global).output()).isEqualTo(large.output());
            assertThat(disk.entries(global.action()))
                    .extracting(entry -> entry.key().namespace())
                    .containsExactlyInAnyOrder(Namespace.GLOBAL, TEAM, OTHER);
            assertThat(disk.report().usage().actions()).isEqualTo(3);
            reopen();
        }
    }

    @Test
    void actionsAreListedByNamespacePageByPage() throws Exception {
        List<ActionId> actions = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            actions.add(put(TestObject.ofSize(10)).action());
        }
        TestObject other = TestObject.ofSize(10);
        put(TEAM, other, other, ALICE);

        Tier.Page first = disk.actions(Namespace.GLOBAL, null);
        Tier.Page second = disk.actions(Namespace.GLOBAL, first.last());

        assertThat(first.actions()).hasSize(1000);
        assertThat(Stream.of(first, second).flatMap(page -> page.actions().stream()))
                .containsExactlyInAnyOrderElementsOf(actions);
        assertThat(disk.actions(Namespace.GLOBAL, second.last()).last()).isNull();
        assertThat(disk.actions(TEAM, null).actions()).containsExactly(other.action());
        assertThat(disk.actions(OTHER, null).actions()).isEmpty();
    }

    @Test
    void anActionThatIsRemovedInOneNamespaceStaysInOthers() throws Exception {
        TestObject object = put(TestObject.ofSize(10));
        put(TEAM, object, object, ALICE);

        assertThat(disk.remove(new ActionKey(TEAM, object.action())).objects()).isEmpty();

        assertThat(disk.get(new ActionKey(TEAM, object.action()))).isInstanceOf(Lookup.Miss.class);
        assertThat(hit(object.action()).entry().output()).isEqualTo(object.output());
        assertThat(disk.remove(object.key()).objects()).containsExactly(object.output());
    }

    @Test
    void uploadsGoOnInTheirNamespaceWithTheirWriterAfterARestart() throws Exception {
        TestObject object = TestObject.ofSize(10);
        Entry entry =
                new Entry(
                        new ActionKey(TEAM, object.action()),
                        object.output(),
                        object.size(),
                        TIME,
                        ALICE);
        disk.put(entry, object.stream(), true);
        disk.put(entry(object), object.stream(), true);
        reopen();

        List<Upload> due = disk.due(clock.instant(), 10);
        assertThat(due).extracting(Upload::entry).containsExactlyInAnyOrder(entry, entry(object));
        for (Upload upload : due) {
            if (upload.entry().equals(entry)) {
                disk.remove(upload);
            }
        }
        assertThat(disk.due(clock.instant(), 10))
                .extracting(Upload::entry)
                .containsExactly(entry(object));
    }

    @Test
    void anObjectIsKnownToWhomAnActionLeadsThereOrWhoHasSentIt() throws Exception {
        TestObject object = TestObject.ofSize(10);
        put(TEAM, object, object, ALICE);
        assertThat(disk.isKnown(object.output(), List.of(TEAM, Namespace.GLOBAL), null)).isTrue();
        assertThat(disk.isKnown(object.output(), List.of(OTHER, Namespace.GLOBAL), OTHER))
                .isFalse();

        disk.putObject(object.output(), object.size(), object.stream(), OTHER);
        assertThat(disk.isKnown(object.output(), List.of(OTHER, Namespace.GLOBAL), OTHER)).isTrue();
        assertThat(disk.isKnown(object.output(), List.of(OTHER), null)).isFalse();

        disk.remove(object.output());
        disk.putObject(object.output(), object.size(), object.stream(), null);
        assertThat(disk.isKnown(object.output(), List.of(OTHER, TEAM), OTHER)).isFalse();
    }

    @Test
    void whatAWriterHasPutIsFoundByAnyOfWhatIsKnownOfHim() throws Exception {
        TestObject one = TestObject.ofSize(10);
        TestObject two = TestObject.ofSize(10);
        put(TEAM, one, one, ALICE);
        put(Namespace.GLOBAL, two, two, BOB);
        put(TestObject.ofSize(10));

        assertThat(written(new Provenance(null, null, "alice", null, null, null, null), null))
                .containsExactly(one.action().hex());
        assertThat(written(new Provenance("bob", null, null, null, null, null, "10.0.0.2"), null))
                .containsExactly(two.action().hex());
        assertThat(written(new Provenance("bob", null, null, null, null, null, "10.0.0.1"), null))
                .isEmpty();
        assertThat(written(Provenance.UNKNOWN, TEAM)).containsExactly(one.action().hex());
        assertThat(written(Provenance.UNKNOWN, new Namespace("nobody"))).isEmpty();
        assertThat(disk.written(new WrittenBy(BOB, null, TIME.plusNanos(1), Instant.MAX), 10))
                .isEmpty();
    }

    @Test
    void aNamespacesBytesAreThoseOfItsActions() throws Exception {
        TestObject one = TestObject.ofSize(10);
        TestObject two = TestObject.ofSize(200);
        put(TEAM, one, one, ALICE);
        put(TEAM, two, two, ALICE);
        put(OTHER, two, two, ALICE);
        assertThat(disk.bytes(TEAM)).isEqualTo(210);
        put(TEAM, one, two, ALICE);
        assertThat(disk.bytes(TEAM)).as("what is replaced is kept").isEqualTo(410);
        reopen();
        assertThat(disk.bytes(TEAM)).isEqualTo(410);
        disk.remove(new ActionKey(TEAM, one.action()));
        assertThat(disk.bytes(TEAM)).isEqualTo(210);
        disk.remove(two.output());
        assertThat(disk.bytes(TEAM)).isEqualTo(10);
        disk.remove(one.output());
        assertThat(disk.bytes(TEAM)).isZero();
        assertThat(disk.bytes(OTHER)).isZero();
        assertThat(disk.bytes(new Namespace("nobody"))).isZero();
    }

    @Test
    void whatIsSentWithoutAnActionCountsOnceForEachThatSendsIt() throws Exception {
        TestObject object = TestObject.ofSize(SIZE_OF_BLOB);
        for (int i = 0; i < 2; i++) {
            send(object, TEAM);
            send(object, OTHER);
        }
        assertThat(disk.bytes(TEAM)).isEqualTo(SIZE_OF_BLOB);
        reopen();
        assertThat(disk.bytes(OTHER)).isEqualTo(SIZE_OF_BLOB);

        put(TEAM, object, object, ALICE);
        send(object, TEAM);
        assertThat(disk.bytes(TEAM)).as("with its action").isEqualTo(SIZE_OF_BLOB);
        disk.remove(new ActionKey(TEAM, object.action()));
        assertThat(disk.bytes(TEAM)).isZero();
        assertThat(disk.bytes(OTHER)).isZero();
    }

    @Test
    void roomIsMadeOfWhatWasSentWithoutAnActionFirst() throws Exception {
        TestObject led = TestObject.ofSize(100);
        put(TEAM, led, led, ALICE);
        TestObject first = send(TestObject.ofSize(100), TEAM);
        TestObject second = send(TestObject.ofSize(SIZE_OF_BLOB), TEAM);
        send(first, OTHER);

        assertThat(disk.makeRoom(TEAM, 101)).isEqualTo(100 + SIZE_OF_BLOB);
        assertThat(disk.find(first.output())).as("another has sent it, too").isPresent();
        assertThat(disk.find(second.output())).isEmpty();
        assertThat(blob(second)).doesNotExist();
        assertThat(entry(TEAM, led).output()).isEqualTo(led.output());
        assertThat(disk.makeRoom(OTHER, 1)).isEqualTo(100);
        assertThat(disk.find(first.output())).isEmpty();
        assertThat(disk.makeRoom(TEAM, 1)).isEqualTo(100);
        assertThat(disk.bytes(TEAM)).isZero();
    }

    @Test
    void roomIsMadeInOneNamespaceAndNoOther() throws Exception {
        TestObject one = TestObject.ofSize(100);
        TestObject two = TestObject.ofSize(100);
        TestObject other = TestObject.ofSize(100);
        put(TEAM, one, one, ALICE);
        put(OTHER, other, other, BOB);
        clock.advance(java.time.Duration.ofHours(1));
        put(TEAM, two, two, ALICE);

        assertThat(disk.makeRoom(TEAM, 1)).isEqualTo(100);
        assertThat(disk.get(new ActionKey(TEAM, one.action()))).isInstanceOf(Lookup.Miss.class);
        assertThat(entry(TEAM, two).output()).isEqualTo(two.output());
        assertThat(disk.makeRoom(TEAM, 1000)).isEqualTo(100);
        assertThat(disk.bytes(TEAM)).isZero();
        assertThat(entry(OTHER, other).output()).isEqualTo(other.output());
    }

    @Test
    void evictionTakesFromAllNamespaces() throws Exception {
        TestObject object = TestObject.ofSize(10);
        put(TEAM, object, object, ALICE);
        disk.remove(object.output());
        assertThat(disk.report().usage().actions()).isZero();
        assertThat(disk.get(new ActionKey(TEAM, object.action()))).isInstanceOf(Lookup.Miss.class);
    }

    private List<String> written(Provenance by, @Nullable Namespace namespace) throws Exception {
        return disk.written(new WrittenBy(by, namespace, Instant.EPOCH, Instant.MAX), 10).stream()
                .map(entry -> entry.action().hex())
                .toList();
    }

    private Entry entry(Namespace namespace, TestObject object) throws Exception {
        return ((Lookup.Hit) disk.get(new ActionKey(namespace, object.action()))).entry();
    }

    private TestObject send(TestObject object, Namespace sender) throws Exception {
        disk.putObject(object.output(), object.size(), object.stream(), sender);
        return object;
    }

    private void put(Namespace namespace, TestObject action, TestObject object, Provenance by)
            throws Exception {
        disk.put(
                new Entry(
                        new ActionKey(namespace, action.action()),
                        object.output(),
                        object.size(),
                        TIME,
                        by),
                object.stream(),
                false);
    }
}
