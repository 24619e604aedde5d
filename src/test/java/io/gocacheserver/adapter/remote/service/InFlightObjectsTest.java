package io.gocacheserver.adapter.remote.service;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.service.InFlightObjects.InFlight;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.Concurrently;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

class InFlightObjectsTest {

    private static final ActionId ACTION = action("compile");
    private static final FetchResult HIT =
            new FetchResult.Hit(new CachedObject(output(bytes("object")), 6, 1, "/object"));
    private static final FetchResult MISS = new FetchResult.Miss();

    /** As in {@link InFlightObjects}. */
    private static final int MAX_REMEMBERED = 65_536;

    private final InFlightObjects arrivals = new InFlightObjects();

    @Test
    void whatIsAnnouncedIsFoundUntilItHasCome() {
        InFlight arrival = announced();
        assertThat(arrivals.find(ACTION)).isSameAs(arrival);
        assertThat(arrivals.find(action("link"))).isNull();

        arrivals.came(ACTION, arrival, HIT, false);
        assertThat(arrivals.find(ACTION)).isNull();
    }

    @Test
    void oneOfManyBringsAnAction() throws Exception {
        List<InFlight> candidates = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            candidates.add(new InFlight(() -> true));
        }
        List<Boolean> announced =
                Concurrently.run(16, i -> () -> arrivals.announce(ACTION, candidates.get(i)));
        assertThat(announced).containsOnlyOnce(true);
        assertThat(arrivals.find(ACTION)).isSameAs(candidates.get(announced.indexOf(true)));
    }

    @Test
    void whoWaitsGetsWhatCame() throws Exception {
        InFlight arrival = announced();
        FutureTask<Boolean> waiting =
                waiting(
                        () ->
                                HIT.equals(arrival.await(Long.MAX_VALUE))
                                        && arrivals.isFetchedAhead(ACTION));
        arrivals.came(ACTION, arrival, HIT, true);
        assertThat(Concurrently.result(waiting)).isTrue();
    }

    @Test
    void whoWaitsForWhatIsGivenUpIsLetGoAndMayBringItItself() throws Exception {
        InFlight arrival = announced();
        FutureTask<Boolean> waiting =
                waiting(
                        () ->
                                arrival.await(Long.MAX_VALUE) == null
                                        && arrivals.announce(ACTION, new InFlight(() -> true)));
        arrivals.came(ACTION, arrival, null, true);
        assertThat(Concurrently.result(waiting)).isTrue();
        assertThat(arrivals.isFetchedAhead(ACTION)).isFalse();
    }

    @Test
    void whoComesLateNeedNotWait() {
        InFlight come = announced();
        arrivals.came(ACTION, come, MISS, false);
        assertThat(come.await(Long.MAX_VALUE)).isSameAs(MISS);

        InFlight givenUp = announced();
        arrivals.came(ACTION, givenUp, null, true);
        assertThat(givenUp.await(Long.MAX_VALUE)).isNull();
    }

    @Test
    void aHitThatCameAheadIsRememberedAndNotFetchedAgain() {
        arrivals.came(ACTION, announced(), HIT, true);
        assertThat(arrivals.isFetchedAhead(ACTION)).isTrue();
        assertThat(arrivals.announce(ACTION, new InFlight(() -> true))).isFalse();
        assertThat(arrivals.find(ACTION)).isNull();
    }

    @Test
    void whatAGetBroughtOrNobodyHasIsNotRemembered() {
        arrivals.came(ACTION, announced(), HIT, false);
        arrivals.came(ACTION, announced(), MISS, true);
        arrivals.came(ACTION, announced(), new FetchResult.ServiceFailed("no"), true);
        assertThat(arrivals.isFetchedAhead(ACTION)).isFalse();
        assertThat(announced()).isNotNull();
    }

    @Test
    void theEndOfAnArrivalLeavesTheOneAfterItAlone() {
        InFlight first = announced();
        arrivals.came(ACTION, first, null, true);
        InFlight second = announced();
        arrivals.came(ACTION, first, null, true);
        arrivals.came(ACTION, first, MISS, true);
        assertThat(arrivals.find(ACTION)).isSameAs(second);
    }

    @Test
    void whatItRemembersIsBounded() {
        for (int i = 0; i < MAX_REMEMBERED; i++) {
            arrivals.came(numbered(i), new InFlight(() -> true), HIT, true);
        }
        assertThat(arrivals.isFetchedAhead(numbered(0))).isTrue();

        arrivals.came(numbered(MAX_REMEMBERED), new InFlight(() -> true), HIT, true);
        assertThat(arrivals.isFetchedAhead(numbered(0))).isFalse();
        assertThat(arrivals.isFetchedAhead(numbered(MAX_REMEMBERED))).isTrue();
    }

    private InFlight announced() {
        InFlight arrival = new InFlight(() -> true);
        assertThat(arrivals.announce(ACTION, arrival)).isTrue();
        return arrival;
    }

    /** Runs it in a thread of its own, which waits when this returns. */
    private static FutureTask<Boolean> waiting(Callable<Boolean> wait) {
        FutureTask<Boolean> task = new FutureTask<>(wait);
        Thread thread = Thread.ofPlatform().daemon().start(task);
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return task;
    }

    private static ActionId numbered(int number) {
        return ActionId.of(ByteBuffer.allocate(32).putInt(number).array());
    }
}
