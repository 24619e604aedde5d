package io.gocacheserver.cache.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.testsupport.TestValues;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

class FilterUpkeepTest {

    private static final Namespace GLOBAL = Namespace.GLOBAL;
    private static final Namespace TEAM = new Namespace("team");
    private static final int PAGE = 10;

    private final Listed disk = new Listed("disk");
    private final Listed bucket = new Listed("bucket");
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final ActionFilters filters = new ActionFilters(() -> now);
    private FilterUpkeep upkeep = new FilterUpkeep(filters, disk, bucket, () -> now, length -> {});

    @Test
    void isCompleteWhenBothTiersHaveBeenListed() {
        List<ActionId> local = disk.has(GLOBAL, 25);
        List<ActionId> remote = bucket.has(GLOBAL, 35);

        assertThat(filters.answer(List.of(GLOBAL))).isNull();
        fill();

        assertThat(known(GLOBAL)).containsAll(local).containsAll(remote);
        assertThat(filters.actions()).isEqualTo(60);
        assertThat(filters.isComplete()).isTrue();
    }

    @Test
    void aMillionActionsFitIntoTwoMebibytes() {
        NamespaceFilter filter = new NamespaceFilter(GLOBAL);
        filter.beginFilling();
        Random random = new Random(1);
        byte[] id = new byte[32];
        for (int i = 0; i < 1_000_000; i++) {
            random.nextBytes(id);
            filter.fill(List.of(ActionId.of(id)));
        }
        filter.endFilling(now, now);

        assertThat(filter.size()).isEqualTo(NamespaceFilter.MAX_BYTES);
    }

    @Test
    void withoutARemoteTierTheLocalOneIsAllThatThereIs() {
        List<ActionId> local = disk.has(GLOBAL, 25);
        upkeep = new FilterUpkeep(filters, disk, null, () -> now, length -> {});
        fill();

        assertThat(known(GLOBAL)).containsExactlyInAnyOrderElementsOf(local);
    }

    @Test
    void eachClientKnowsOnlyOfTheNamespacesThatItReads() {
        ActionId secret = bucket.has(TEAM, 1).getFirst();
        ActionId common = bucket.has(GLOBAL, 1).getFirst();
        assertThat(filters.answer(List.of(TEAM, GLOBAL))).as("nothing listed").isNull();
        fill();

        assertThat(known(GLOBAL)).containsExactly(common);
        assertThat(known(TEAM)).containsExactly(secret);
        assertThat(known(TEAM, GLOBAL)).containsExactlyInAnyOrder(secret, common);
    }

    @Test
    void whatIsAddedWhileTheListIsReadIsInIt() {
        bucket.has(GLOBAL, 35);
        ActionId added = TestValues.action("added");
        bucket.whileReading = () -> filters.add(new ActionKey(GLOBAL, added));
        fill();
        assertThat(known(GLOBAL)).contains(added);

        now = now.plus(Duration.ofMinutes(6));
        ActionId later = TestValues.action("later");
        bucket.whileReading =
                () -> {
                    filters.add(new ActionKey(GLOBAL, later));
                    assertThat(known(GLOBAL)).as("while it is filled").contains(added, later);
                };
        fill();
        assertThat(known(GLOBAL)).as("filled again").contains(later);
    }

    @Test
    void theTagChangesWithTheActionsAlone() {
        fill();
        String tag = tag();
        assertThat(tag()).isEqualTo(tag);

        filters.add(new ActionKey(GLOBAL, TestValues.action("added")));
        String other = tag();
        assertThat(other).isNotEqualTo(tag);

        filters.add(new ActionKey(GLOBAL, TestValues.action("added")));
        filters.add(new ActionKey(TEAM, TestValues.action("elsewhere")));
        assertThat(tag()).isEqualTo(other);
    }

    @Test
    void whatOtherReplicasHaveWrittenIsFoundAfterAWhile() {
        fill();
        ActionId uploaded = bucket.has(GLOBAL, 1).getFirst();
        fill();
        assertThat(known(GLOBAL)).as("too soon").doesNotContain(uploaded);

        now = now.plus(Duration.ofMinutes(6));
        fill();
        assertThat(known(GLOBAL)).contains(uploaded);
    }

    @Test
    void theLongerAListTheLaterTheNext() {
        bucket.has(GLOBAL, PAGE * 400);
        fill();
        int reads = bucket.reads;

        now = now.plus(Duration.ofMinutes(6));
        fill();
        assertThat(bucket.reads).isEqualTo(reads);

        now = now.plus(Duration.ofMinutes(20));
        fill();
        assertThat(bucket.reads).isEqualTo(2 * reads);
    }

    @Test
    void whatIsGoneIsForgottenByTheNextList() {
        ActionId evicted = disk.has(GLOBAL, 1).getFirst();
        fill();
        disk.actions.clear();

        now = now.plus(Duration.ofMinutes(6));
        fill();
        assertThat(known(GLOBAL)).doesNotContain(evicted);
    }

    @Test
    void farMoreActionsThanBeforeAreListedAtOnce() {
        assertThat(filters.answer(List.of(TEAM))).isNull();
        fill();
        for (int i = 0; i < 5_000; i++) {
            ActionId action = TestValues.action("action " + i);
            disk.add(TEAM, action);
            filters.add(new ActionKey(TEAM, action));
        }
        fill();

        assertThat(filter(TEAM).size()).isGreaterThanOrEqualTo(ActionFilter.bytesFor(5_000));
        ActionFilter sent = filter(TEAM);
        assertThat(
                        IntStream.range(0, 1000)
                                .filter(i -> sent.mayContain(TestValues.action("absent " + i)))
                                .count())
                .isLessThan(15);
    }

    @Test
    void aTierThatCannotBeListedLeavesTheFilterIncompleteUntilItCan() {
        List<ActionId> remote = bucket.has(GLOBAL, 35);
        bucket.failing = true;
        for (int i = 0; i < 20; i++) {
            fill();
            now = now.plus(Duration.ofSeconds(1));
        }
        assertThat(filters.answer(List.of(GLOBAL))).isNull();
        assertThat(bucket.reads).isEqualTo(1);

        bucket.failing = false;
        now = now.plus(Duration.ofMinutes(6));
        fill();
        assertThat(known(GLOBAL)).containsAll(remote);
    }

    @Test
    void aListThatIsTooOldIsNotTakenForComplete() {
        fill();
        bucket.failing = true;
        now = now.plus(Duration.ofHours(2));
        fill();
        assertThat(filters.isComplete()).isTrue();

        now = now.plus(Duration.ofHours(2));
        assertThat(filters.isComplete()).isFalse();
    }

    @Test
    void aClockThatWasSetBackCostsAnotherList() {
        fill();
        int reads = bucket.reads;
        now = now.minus(Duration.ofDays(1));
        assertThat(filters.isComplete()).isFalse();

        fill();
        assertThat(filters.isComplete()).isTrue();
        assertThat(bucket.reads).isEqualTo(2 * reads);
    }

    @Test
    void manyNamespacesAreBounded() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(filters.answer(List.of(new Namespace("n" + i)))).isNull();
        }
        assertThat(filters.all()).hasSizeLessThan(300);
        assertThat(filters.all().getFirst().namespace()).isEqualTo(GLOBAL);
    }

    private void fill() {
        try {
            upkeep.fillAll();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A complete one. */
    private ActionFilters.Answer answer(Namespace... namespaces) {
        return Objects.requireNonNull(filters.answer(List.of(namespaces)), "incomplete");
    }

    private String tag() {
        return answer(GLOBAL).tag();
    }

    private ActionFilter filter(Namespace namespace) {
        return answer(namespace).filters().getFirst();
    }

    /** Of all actions of this test, those that a client may take for present. */
    private List<ActionId> known(Namespace... namespaces) {
        ActionFilters.Answer answer = answer(namespaces);
        List<ActionId> all = new ArrayList<>(List.of(TestValues.action("added")));
        all.add(TestValues.action("later"));
        disk.everHad.forEach(all::add);
        bucket.everHad.forEach(all::add);
        return all.stream()
                .filter(action -> answer.filters().stream().anyMatch(f -> f.mayContain(action)))
                .toList();
    }

    /** A tier in sets. */
    private static final class Listed implements FilterUpkeep.Listing {

        private final String name;
        final Map<Namespace, NavigableSet<String>> actions = new HashMap<>();
        final List<ActionId> everHad = new ArrayList<>();
        boolean failing;
        int reads;
        Runnable whileReading = () -> {};

        Listed(String name) {
            this.name = name;
        }

        void add(Namespace namespace, ActionId action) {
            actions.computeIfAbsent(namespace, key -> new TreeSet<>()).add(action.hex());
            everHad.add(action);
        }

        List<ActionId> has(Namespace namespace, int count) {
            List<ActionId> added = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                added.add(TestValues.action(name + " " + everHad.size()));
                add(namespace, added.getLast());
            }
            return added;
        }

        @Override
        public Tier.Page actions(Namespace namespace, @Nullable String after) throws TierException {
            reads++;
            whileReading.run();
            if (failing) {
                throw new TierException.Remote(TierException.Remote.Kind.UNAVAILABLE, "list", null);
            }
            NavigableSet<String> all = actions.getOrDefault(namespace, new TreeSet<>());
            List<ActionId> page =
                    (after == null ? all : all.tailSet(after, false))
                            .stream().limit(PAGE).map(ActionId::new).toList();
            return new Tier.Page(page, page.isEmpty() ? null : page.getLast().hex());
        }
    }
}
