package io.gocacheserver.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class ActionFilterTest {

    /** 2^20 bits: the fewest bits an action that a filter has by its rule. */
    private static final int FULL = 104_857;

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5_000, FULL, 300_000})
    void findsAllThatWasAddedAndLittleElse(int count) {
        ActionFilter filter = filterOf(random(1, count), count);

        assertThat(random(1, count)).allMatch(filter::mayContain);
        assertThat(errors(filter)).isLessThan(0.015);
    }

    @Test
    void hasAtLeastTenBitsForEachAction() {
        assertThat(ActionFilter.bytesFor(FULL)).isEqualTo(1 << 17);
        assertThat(ActionFilter.bytesFor(FULL + 1)).isEqualTo(1 << 18);
        assertThat(ActionFilter.bytesFor(1_000_000)).isEqualTo(2 << 20);
    }

    @Test
    void aSmallerCopyIsThatOfASmallerFilter() {
        List<ActionId> actions = random(2, 10_000);
        ActionFilter copy = filterOf(actions, 1_000_000).copy(ActionFilter.bytesFor(10_000));

        assertThat(bytes(copy)).isEqualTo(bytes(filterOf(actions, 10_000)));
        assertThat(actions).allMatch(copy::mayContain);
        assertThat(errors(copy)).isLessThan(0.015);
    }

    @Test
    void aCopyOfMoreBytesIsAsLargeAsTheFilter() {
        ActionFilter filter = filterOf(random(3, 100), 100);

        assertThat(bytes(filter.copy(2 << 20))).isEqualTo(bytes(filter));
    }

    @Test
    void aCopyDoesNotChangeWithTheFilter() {
        ActionFilter filter = ActionFilter.forActions(100);
        ActionFilter copy = filter.copy(filter.size());
        ActionId action = random(4, 1).getFirst();
        filter.add(action);

        assertThat(copy.mayContain(action)).isFalse();
    }

    @Test
    void saysWhetherAnAdditionChangedIt() {
        ActionFilter filter = ActionFilter.forActions(100);
        ActionId action = random(5, 1).getFirst();

        assertThat(filter.add(action)).isTrue();
        assertThat(filter.add(action)).isFalse();
    }

    @Test
    void withOtherSaltAnActionIsAnotherOne() {
        ActionFilter filter = ActionFilter.forActions(100);
        ActionId action = random(6, 1).getFirst();
        filter.add(action, 1);

        assertThat(filter.mayContain(action, 1)).isTrue();
        assertThat(filter.mayContain(action, 2)).isFalse();
        assertThat(filter.mayContain(action)).isFalse();
    }

    @Test
    void shortIdsAreFilteredToo() {
        ActionFilter filter = ActionFilter.forActions(1000);
        filter.add(new ActionId("abcd"));

        assertThat(filter.mayContain(new ActionId("abcd"))).isTrue();
        assertThat(filter.mayContain(new ActionId("abce"))).isFalse();
    }

    @Test
    void isReadFromItsBytes() {
        List<ActionId> actions = random(7, 1000);
        ActionFilter read = ActionFilter.of(bytes(filterOf(actions, 1000)));

        assertThat(actions).allMatch(read::mayContain);
        assertThat(errors(read)).isLessThan(0.015);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 1000})
    void aNumberOfBytesThatIsNoPowerOfTwoIsNoFilter(int length) {
        assertThatThrownBy(() -> ActionFilter.of(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a filter of " + length + " bytes");
    }

    private static double errors(ActionFilter filter) {
        int tried = 20_000;
        return random(99, tried).stream().filter(filter::mayContain).count() / (double) tried;
    }

    private static ActionFilter filterOf(List<ActionId> actions, int capacity) {
        ActionFilter filter = ActionFilter.forActions(capacity);
        actions.forEach(filter::add);
        return filter;
    }

    private static byte[] bytes(ActionFilter filter) {
        byte[] bytes = new byte[filter.size()];
        filter.copyTo(bytes, 0);
        return bytes;
    }

    private static List<ActionId> random(long seed, int count) {
        Random random = new Random(seed);
        return Stream.generate(
                        () -> {
                            byte[] bytes = new byte[32];
                            random.nextBytes(bytes);
                            return ActionId.of(bytes);
                        })
                .limit(count)
                .toList();
    }
}
