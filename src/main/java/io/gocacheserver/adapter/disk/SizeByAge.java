package io.gocacheserver.adapter.disk;

/**
 * How many bytes were last used how long ago: sums in slots of equal length, so that the memory does not depend on the
 * number of entries. Entries older than all slots count in the last one.
 */
final class SizeByAge {

    private static final int SLOTS = 2_048;

    private final long[] bytes = new long[SLOTS];
    private final long now;
    private final long slotMillis;
    private long total;

    SizeByAge(long now, long slotMillis) {
        this.now = now;
        this.slotMillis = slotMillis;
    }

    void add(long usedMillis, long size) {
        bytes[slot(usedMillis)] += size;
        total += size;
    }

    long total() {
        return total;
    }

    /** The slot of a time: the larger, the older. */
    int slot(long usedMillis) {
        return Math.clamp((now - usedMillis) / slotMillis, 0, SLOTS - 1);
    }

    /** The youngest slot that one has to go into to find {@code surplus} bytes, beginning with the oldest. */
    int cutoff(long surplus) {
        int slot = SLOTS - 1;
        for (long sum = bytes[slot]; sum < surplus && slot > 0; sum += bytes[slot]) {
            slot--;
        }
        return slot;
    }

    /** Bytes in slots above {@code slot}. */
    long olderThan(int slot) {
        long sum = 0;
        for (int i = slot + 1; i < SLOTS; i++) {
            sum += bytes[i];
        }
        return sum;
    }
}
