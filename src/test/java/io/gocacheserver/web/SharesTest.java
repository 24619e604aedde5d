package io.gocacheserver.web;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.Waiting;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.FutureTask;

class SharesTest {

    private final Shares shares = new Shares(100);

    @Test
    void oneClientAloneHasHalfAndTheNextAShareOfTheRest() {
        assertThat(takenInTens("a")).isEqualTo(50);
        assertThat(takenInTens("b")).isEqualTo(20);
        assertThat(takenInTens("c")).isEqualTo(10);
        assertThat(shares.free()).isEqualTo(20);
    }

    @Test
    void aClientThatHoldsNothingMayTakeWhateverIsFree() {
        Shares.Share all = taken("a", 1_000_000);
        assertThat(shares.free()).isZero();
        assertThat(take("b", 1)).isNull();
        all.close();
        all.close();
        assertThat(shares.free()).isEqualTo(100);
        assertThat(take("b", 100)).isNotNull();
    }

    @Test
    void whatIsGivenBackInPartIsFree() {
        Shares.Share share = taken("a", 100);
        share.shrinkTo(10);
        assertThat(shares.free()).isEqualTo(90);
        share.shrinkTo(50);
        assertThat(shares.free()).isEqualTo(90);
        share.close();
        assertThat(shares.free()).isEqualTo(100);
    }

    @Test
    void whoeverIsPatientGetsWhatIsGivenBack() throws Exception {
        Shares.Share all = taken("a", 100);
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> shares.take("b", 30, Waiting.LIMIT) != null);
        Thread thread = Thread.ofVirtual().start(waiting);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        all.close();
        assertThat(Concurrently.result(waiting)).isTrue();
        assertThat(shares.free()).isEqualTo(70);
    }

    private int takenInTens(String client) {
        int taken = 0;
        while (take(client, 10) != null) {
            taken += 10;
        }
        return taken;
    }

    private Shares.Share taken(String client, long amount) {
        return Objects.requireNonNull(take(client, amount));
    }

    private Shares.@Nullable Share take(String client, long amount) {
        return shares.take(client, amount, Duration.ZERO);
    }
}
