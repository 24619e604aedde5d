package io.gocacheserver.adapter.remote.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

/** Plays builds of one Get after the other, with 20 ms of work between them. */
class MissPolicyTest {

    private static final long WORK = Duration.ofMillis(20).toNanos();
    private static final int GETS = 300;

    private long nanos = -1;
    private long waited;
    private int cut;

    private final MissPolicy policy = new MissPolicy(() -> nanos);

    @Test
    void cutsAFirstBuildAtDistance() {
        policy.leaveIndexes();
        play(GETS, 50, 0);

        assertThat(Duration.ofNanos(waited)).isBetween(millis(500), millis(900));
        assertThat(cut).isGreaterThan(GETS * 9 / 10);
    }

    @Test
    void neverCutsAFirstBuildBesideTheService() {
        policy.leaveIndexes();
        play(10 * GETS, 0.5, 0);

        assertThat(cut).isZero();
    }

    @Test
    void neverCutsABuildOfHits() {
        play(10 * GETS, 50, 1);

        assertThat(cut).isZero();
    }

    @Test
    void rarelyCutsABuildWithHalfOfItsObjectsThere() {
        play(10 * GETS, 50, 0.5);

        assertThat(cut).isLessThan(10 * GETS / 20);
    }

    @Test
    void cutsSoonWhereHitsEndAndWaitsAgainSoonWhereTheyBegin() {
        play(GETS, 50, 1);
        play(GETS, 50, 0);
        assertThat(cut).isGreaterThan(GETS * 9 / 10);

        int before = cut;
        play(GETS, 50, 1);
        assertThat(cut - before).isLessThan(5);
    }

    @Test
    void hardlyWaitsForIndexesOfPackagesAtDistance() {
        for (int i = 0; i < GETS; i++) {
            nanos += WORK / 10;
            if (policy.isWorthWaiting()) {
                waited += millis(50).toNanos();
                policy.indexHit(nanos, nanos + millis(50).toNanos());
                nanos += millis(50).toNanos();
            } else {
                policy.foundBehind(millis(50).toNanos());
            }
        }

        assertThat(Duration.ofNanos(waited)).isBetween(millis(500), millis(750));

        policy.leaveIndexes();
        play(GETS, 50, 1);
        assertThat(cut).isZero();
    }

    @Test
    void alwaysWaitsForTheIndexesThatABusyServiceNearbyHas() {
        for (int i = 0; i < GETS; i++) {
            assertThat(policy.isWorthWaiting()).as("get %s", i).isTrue();
            policy.indexHit(nanos, nanos + millis(10).toNanos());
            nanos += millis(10).toNanos();
        }
    }

    @Test
    void waitsEvenLessForThemInAFirstBuild() {
        int index = 0;
        while (policy.isWorthWaiting()) {
            policy.missed(nanos, nanos + millis(50).toNanos());
            nanos += millis(50).toNanos();
            index++;
        }

        assertThat(index).isEqualTo(3);
    }

    private void play(int gets, double roundTripMillis, double hitRate) {
        Random random = new Random(1);
        long roundTrip = (long) (roundTripMillis * 1_000_000);
        for (int i = 0; i < gets; i++) {
            nanos += WORK;
            boolean hit = random.nextDouble() < hitRate;
            if (!policy.isWorthWaiting()) {
                cut++;
                if (hit) {
                    policy.foundBehind(roundTrip);
                }
                continue;
            }
            long start = nanos;
            nanos += roundTrip;
            waited += roundTrip;
            if (hit) {
                policy.hit(start, nanos);
            } else {
                policy.missed(start, nanos);
            }
        }
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }
}
