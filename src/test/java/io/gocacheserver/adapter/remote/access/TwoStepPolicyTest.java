package io.gocacheserver.adapter.remote.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TwoStepPolicyTest {

    private static final long SMALL = 10_000;
    private static final long MEDIUM = 100_000;
    private static final long LARGE = 10_000_000;

    private final TwoStepPolicy policy = new TwoStepPolicy();

    @Test
    void triesWhatIsKnownToBeThereAndWhatIsLarge() {
        assertThat(policy.isWorthwhile(SMALL, false)).isFalse();
        assertThat(policy.isWorthwhile(SMALL, true)).isTrue();
        assertThat(policy.isWorthwhile(LARGE, false)).isTrue();
    }

    @Test
    void triesObjectsInBetweenWhileThatPays() {
        for (int i = 0; i < 8; i++) {
            assertThat(policy.isWorthwhile(MEDIUM, false)).isTrue();
            policy.wanted();
        }
        assertThat(policy.isWorthwhile(MEDIUM, false)).isFalse();
        assertThat(policy.isWorthwhile(LARGE, false)).isTrue();

        for (int i = 0; i < 3; i++) {
            policy.saved();
        }
        assertThat(policy.isWorthwhile(MEDIUM, false)).isTrue();
    }

    @Test
    void triesNoMoreWhereItIsUnknown() {
        policy.unsupported();

        assertThat(policy.isWorthwhile(LARGE, true)).isFalse();
    }
}
