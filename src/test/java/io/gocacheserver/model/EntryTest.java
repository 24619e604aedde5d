package io.gocacheserver.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class EntryTest {

    private static final ActionId ACTION = new ActionId("abcd");
    private static final OutputId OUTPUT = new OutputId("ef01");

    @Test
    void anObjectMayBeEmpty() {
        assertThat(new Entry(ACTION, OUTPUT, 0, Instant.EPOCH).size()).isZero();
    }

    @Test
    void refusesANegativeSizeAndNamesTheAction() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Entry(ACTION, OUTPUT, -1, Instant.EPOCH))
                .withMessageContaining("-1")
                .withMessageContaining("abcd");
    }
}
