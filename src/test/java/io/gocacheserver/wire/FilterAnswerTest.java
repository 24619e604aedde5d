package io.gocacheserver.wire;

import static io.gocacheserver.testsupport.TestValues.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class FilterAnswerTest {

    private static final ActionId FIRST = action("first");
    private static final ActionId SECOND = action("second");
    private static final ActionId ABSENT = action("absent");
    private static final byte[] MESSAGE =
            new FilterAnswer(true, List.of(filter(100, FIRST), filter(5000, SECOND))).encode();

    @Test
    void whatIsInOneOfTheFiltersIsNotLacking() {
        FilterAnswer read = FilterAnswer.decode(MESSAGE);

        assertThat(read.complete()).isTrue();
        assertThat(read.filters()).hasSize(2);
        assertThat(read.lacks(FIRST)).isFalse();
        assertThat(read.lacks(SECOND)).isFalse();
        assertThat(read.lacks(ABSENT)).isTrue();
    }

    @Test
    void anIncompleteOneSaysOfNothingThatItIsAbsent() {
        FilterAnswer read = FilterAnswer.decode(FilterAnswer.INCOMPLETE.encode());

        assertThat(read.complete()).isFalse();
        assertThat(read.lacks(ABSENT)).isFalse();
    }

    @Test
    void ofACacheThatHasNothingAllIsAbsent() {
        FilterAnswer read = FilterAnswer.decode(new FilterAnswer(true, List.of()).encode());

        assertThat(read.lacks(ABSENT)).isTrue();
    }

    @Test
    void filtersThatAreTooLargeTogetherAreMadeSmaller() {
        List<ActionFilter> many =
                Collections.nCopies(FilterAnswer.MAX_FILTERS, filter(1_600_000, FIRST));
        byte[] message = new FilterAnswer(true, many).encode();

        assertThat(message).hasSizeLessThanOrEqualTo(FilterAnswer.MAX_BYTES);
        assertThat(FilterAnswer.decode(message).lacks(FIRST)).isFalse();
        assertThat(FilterAnswer.decode(message).lacks(ABSENT)).isTrue();
    }

    @Test
    void eachPartOfAnAnswerAloneIsRefused() {
        for (int length = 0; length < MESSAGE.length; length++) {
            refused(Arrays.copyOf(MESSAGE, length));
        }
        refused(Arrays.copyOf(MESSAGE, MESSAGE.length + 1));
    }

    @Test
    void nonsenseIsRefused() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            byte[] nonsense = new byte[random.nextInt(100)];
            random.nextBytes(nonsense);
            refused(nonsense);
        }
        for (int exponent : new int[] {22, 30, 31, 32, 200, 255}) {
            byte[] enormous = MESSAGE.clone();
            enormous[6] = (byte) exponent;
            refused(enormous);
        }
        refused(new byte[FilterAnswer.MAX_BYTES + 1]);
    }

    private static void refused(byte[] message) {
        assertThatThrownBy(() -> FilterAnswer.decode(message))
                .isInstanceOf(MalformedMessageException.class);
    }

    private static ActionFilter filter(int actions, ActionId action) {
        ActionFilter filter = ActionFilter.forActions(actions);
        filter.add(action);
        return filter;
    }
}
