package io.gocacheserver.adapter.remote.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class TimeBudgetTest {

    private long nanos = -3_000_000_000L;

    private final TimeBudget budget = new TimeBudget(Duration.ofSeconds(10), () -> nanos);

    @Test
    void chargesWaitsInVain() {
        TimeBudget.Wait wait = budget.begin();
        assertThat(wait.limit()).hasSeconds(10);
        after(4);
        wait.end(true);

        assertThat(budget.begin().limit()).hasSeconds(6);
    }

    @Test
    void chargesNothingForHitsAndForTimeWithoutAWait() {
        TimeBudget.Wait wait = budget.begin();
        after(4);
        wait.end(false);
        after(100);

        assertThat(budget.isUsedUp()).isFalse();
        assertThat(budget.begin().limit()).hasSeconds(10);
    }

    @Test
    void chargesOverlappingWaitsOnce() {
        TimeBudget.Wait first = budget.begin();
        after(2);
        TimeBudget.Wait second = budget.begin();
        after(2);
        first.end(true);
        after(2);
        second.end(true);

        assertThat(budget.begin().limit()).hasSeconds(4);
    }

    @Test
    void chargesWhatIsStillUnderWay() {
        TimeBudget.Wait first = budget.begin();
        after(7);
        assertThat(budget.begin().limit()).hasSeconds(3);
        after(3);
        assertThat(budget.isUsedUp()).isTrue();

        first.end(false);
        assertThat(budget.isUsedUp()).as("and stays so").isTrue();
    }

    @Test
    void doesNotChargeAnObjectThatComesOnUnlessItFails() {
        TimeBudget.Wait wait = budget.begin();
        for (int i = 0; i < 30; i++) {
            after(1);
            wait.came(1 << 20);
        }
        assertThat(budget.isUsedUp()).isFalse();
        assertThat(wait.limit()).hasSeconds(10);

        wait.end(true);
        assertThat(budget.isUsedUp()).isTrue();
    }

    @Test
    void chargesAnObjectThatDrips() {
        TimeBudget.Wait wait = budget.begin();
        wait.came(100 << 20);
        for (int i = 0; i < 9; i++) {
            after(1);
            wait.came(1);
        }
        assertThat(wait.limit()).hasSeconds(1);
        assertThat(budget.begin().limit()).hasSeconds(1);
        after(2);
        assertThat(budget.isUsedUp()).isTrue();
    }

    @Test
    void hasNoLimitIfItIsZero() {
        TimeBudget unlimited = new TimeBudget(Duration.ZERO, () -> nanos);
        unlimited.begin();
        after(1_000_000);

        assertThat(unlimited.isUsedUp()).isFalse();
    }

    private void after(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }
}
