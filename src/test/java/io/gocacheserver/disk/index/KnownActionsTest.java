package io.gocacheserver.disk.index;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

class KnownActionsTest {

    private static final ActionKey KNOWN = key("ab".repeat(32));
    private static final ActionKey UNKNOWN = key("cd".repeat(32));

    @Test
    void beforeTheScanEndsNothingIsCertain() throws Exception {
        CountDownLatch scan = new CountDownLatch(1);
        try (KnownActions actions = new KnownActions((action, wanted) -> waitFor(scan))) {
            actions.fill(0);

            assertThat(actions.lack(UNKNOWN)).isFalse();

            scan.countDown();
            await().until(() -> actions.lack(UNKNOWN));
        }
    }

    @Test
    void anActionAddedDuringTheScanIsKnownThoughTheScanDidNotSeeIt() {
        CountDownLatch scan = new CountDownLatch(1);
        try (KnownActions actions = new KnownActions((action, wanted) -> waitFor(scan))) {
            actions.fill(0);
            actions.add(KNOWN);
            scan.countDown();

            await().until(() -> actions.lack(UNKNOWN));
            assertThat(actions.lack(KNOWN)).isFalse();
        }
    }

    @Test
    void anActionThatTheScanFoundIsKnown() {
        try (KnownActions actions = new KnownActions((action, wanted) -> action.accept(KNOWN))) {
            actions.fill(1);

            await().until(() -> actions.lack(UNKNOWN));
            assertThat(actions.lack(KNOWN)).isFalse();
        }
    }

    @Test
    void afterFarMoreAdditionsThanWereForeseenTheFilterStillFilters() {
        List<ActionKey> added = random(1, 250_000);
        KnownActions.Scan all =
                (action, wanted) -> {
                    added.forEach(action);
                };
        try (KnownActions actions = new KnownActions(all)) {
            actions.fill(0);
            added.forEach(actions::add);

            List<ActionKey> others = random(2, 10_000);
            await().until(() -> others.stream().filter(actions::lack).count() > 9_900);
            assertThat(added).noneMatch(actions::lack);
        }
    }

    @Test
    void anActionInAnotherNamespaceIsAnotherOne() {
        ActionKey elsewhere = new ActionKey(new Namespace("team"), KNOWN.action());
        try (KnownActions actions = new KnownActions((action, wanted) -> {})) {
            actions.fill(0);
            actions.add(elsewhere);

            await().until(() -> actions.lack(KNOWN));
            assertThat(actions.lack(elsewhere)).isFalse();
        }
    }

    private static ActionKey key(String hex) {
        return ActionKey.global(new ActionId(hex));
    }

    private static List<ActionKey> random(long seed, int count) {
        Random random = new Random(seed);
        return Stream.generate(
                        () -> {
                            byte[] bytes = new byte[32];
                            random.nextBytes(bytes);
                            return ActionKey.global(ActionId.of(bytes));
                        })
                .limit(count)
                .toList();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
