package io.gocacheserver.adapter.remote.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

class WaitedTimeTest {

    private final WaitedTime waited = new WaitedTime();

    @Test
    void countsAGapBetweenTwoIntervalsThatALongerOneCovers() {
        assertThat(waited.add(0, 10)).isEqualTo(10);
        assertThat(waited.add(20, 30)).isEqualTo(10);
        assertThat(waited.totalWith(5, 40)).isEqualTo(40);
        assertThat(waited.add(5, 40)).isEqualTo(20);
        assertThat(waited.total()).isEqualTo(40);
    }

    @Test
    void isTheUnionOfWhateverComes() {
        Random random = new Random(1);
        List<long[]> intervals = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long start = random.nextInt(10_000);
            intervals.add(new long[] {start, start + random.nextInt(100)});
        }
        intervals.sort(Comparator.comparingLong(interval -> interval[1]));
        BitSet union = new BitSet();
        for (long[] interval : intervals) {
            union.set((int) interval[0], (int) interval[1]);
            assertThat(waited.totalWith(interval[0], interval[1])).isEqualTo(union.cardinality());
            waited.add(interval[0], interval[1]);
            assertThat(waited.total()).isEqualTo(union.cardinality());
        }
    }
}
