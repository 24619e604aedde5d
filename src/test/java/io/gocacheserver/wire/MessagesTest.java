package io.gocacheserver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.BuildProfile.Build;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What is written can be read again, and what was damaged on its way is refused. */
class MessagesTest {

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @ParameterizedTest
    @ValueSource(ints = {2, 32, 500})
    void aListOfActionsComesBack(int idLength) {
        List<ActionId> actions = actions(idLength, random.nextInt(1, 50));
        ActionList list = ActionList.decode(ActionList.encode(actions));
        assertThat(list.size()).isEqualTo(actions.size());
        for (int i = 0; i < actions.size(); i++) {
            assertThat(list.get(i)).isEqualTo(actions.get(i));
        }
    }

    @Test
    void anEmptyListIsOne() {
        assertThat(ActionList.encode(List.of())).isEmpty();
        assertThat(ActionList.decode(new byte[0]).size()).isZero();
        assertThat(ActionList.decode(new byte[] {0, 32}).size()).isZero();
    }

    @Test
    void listsThatMakeNoSenseAreRefused() {
        byte[] list = ActionList.encode(actions(32, 3));
        assertRefused(() -> ActionList.decode(Arrays.copyOf(list, list.length - 1)));
        assertRefused(() -> ActionList.decode(new byte[] {0}));
        assertRefused(() -> ActionList.decode(new byte[] {0, 1, 7}));
        assertRefused(() -> ActionList.decode(new byte[] {1, (byte) 0xf5}));
        assertThatThrownBy(
                        () ->
                                ActionList.encode(
                                        List.of(actions(32, 1).get(0), actions(20, 1).get(0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @RepeatedTest(20)
    void aFrameComesBack() {
        byte[] bytes = new byte[200];
        int offset = random.nextInt(100);
        int index = random.nextInt(Integer.MAX_VALUE);
        PrefetchFrame.putHead(bytes, offset, PrefetchFrame.HIT, index);
        PrefetchFrame.Hit hit =
                new PrefetchFrame.Hit(
                        PrefetchFrame.ZSTD,
                        OutputId.of(random(32)),
                        random.nextLong(Long.MAX_VALUE),
                        random.nextLong(),
                        random.nextLong(Long.MAX_VALUE));
        PrefetchFrame.putHit(bytes, offset + PrefetchFrame.HEAD_LENGTH, hit);
        assertThat(PrefetchFrame.kind(bytes, offset)).isEqualTo(PrefetchFrame.HIT);
        assertThat(PrefetchFrame.index(bytes, offset)).as("seed %d", seed).isEqualTo(index);
        assertThat(PrefetchFrame.hit(bytes, offset + PrefetchFrame.HEAD_LENGTH))
                .as("seed %d", seed)
                .isEqualTo(hit);
    }

    @Test
    void aHitWhoseLengthsDoNotAgreeIsRefused() {
        byte[] bytes = new byte[PrefetchFrame.HIT_LENGTH];
        OutputId output = OutputId.of(random(32));
        PrefetchFrame.putHit(
                bytes, 0, new PrefetchFrame.Hit(PrefetchFrame.IDENTITY, output, 5, 0, 4));
        assertRefused(() -> PrefetchFrame.hit(bytes, 0));
        PrefetchFrame.putHit(bytes, 0, new PrefetchFrame.Hit(2, output, 5, 0, 5));
        assertRefused(() -> PrefetchFrame.hit(bytes, 0));
    }

    @Test
    void usedActionsComeBack() {
        List<UsedActions.Use> uses = new ArrayList<>();
        for (ActionId action : actions(32, 40)) {
            uses.add(new UsedActions.Use(action, random.nextInt(UsedActions.PUT + 1)));
        }
        byte[] message = UsedActions.encode(uses);
        UsedActions used = UsedActions.decode(message);
        assertThat(used.size()).isEqualTo(uses.size());
        for (int i = 0; i < uses.size(); i++) {
            assertThat(used.action(i)).isEqualTo(uses.get(i).action());
            assertThat(used.outcome(i)).isEqualTo(uses.get(i).outcome());
        }
        assertRefused(() -> UsedActions.decode(Arrays.copyOf(message, message.length - 1)));
        message[ActionList.HEADER_LENGTH] = UsedActions.PUT + 1;
        assertRefused(() -> UsedActions.decode(message));
    }

    @RepeatedTest(20)
    void aProfileComesBackAndADamagedOneIsRefused() {
        List<Build> builds = new ArrayList<>();
        for (int i = random.nextInt(1, 20); i > 0; i--) {
            builds.add(new Build(random.nextLong(), random.nextInt()));
        }
        List<BuildProfile.Use> uses = new ArrayList<>();
        for (ActionId action : actions(32, random.nextInt(40))) {
            uses.add(new BuildProfile.Use(action, random.nextInt(builds.size())));
        }
        byte[] message = BuildProfile.of(32, builds, uses).encoded();
        BuildProfile profile = BuildProfile.decode(message);
        assertThat(profile.builds()).as("seed %d", seed).isEqualTo(builds);
        assertThat(profile.size()).isEqualTo(uses.size());
        for (int i = 0; i < uses.size(); i++) {
            assertThat(profile.action(i)).isEqualTo(uses.get(i).action());
            assertThat(profile.build(i)).isEqualTo(uses.get(i).build());
        }
        byte[] damaged = message.clone();
        int reserved = 7;
        int place = random.nextInt(message.length - 1);
        damaged[place < reserved ? place : place + 1] ^= 1;
        assertRefused(() -> BuildProfile.decode(damaged));
        assertRefused(() -> BuildProfile.decode(Arrays.copyOf(message, message.length - 1)));
    }

    private List<ActionId> actions(int idLength, int count) {
        List<ActionId> actions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            actions.add(ActionId.of(random(idLength)));
        }
        return actions;
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void assertRefused(Runnable decoding) {
        assertThatThrownBy(decoding::run).isInstanceOf(MalformedMessageException.class);
    }
}
