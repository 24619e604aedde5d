package io.gocacheserver.adapter.disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * Keeps a cache directory within a size in bytes: beyond it the least recently used entries go, down to nine tenths. Those
 * that were used within the last hour stay, two by mtime, since a build that runs now may still open them.
 *
 * <p>To know the size one has to look at each file, which takes seconds. So {@code <dir>/go-cache-adapter/size} holds the size
 * last measured, when that was, and what builds have added since. One measures when it is an hour old, since native builds do
 * not tell what they add, or when the limit seems to be exceeded, at most every ten minutes. A lock keeps it to one process.
 */
record SizeLimit(CacheLayout layout, long maxSize, InstantSource clock) {

    private static final long MINUTE_MILLIS = 60_000L;
    private static final long MEASURE_AT_LEAST_MILLIS = 60 * MINUTE_MILLIS;
    private static final long MEASURE_AT_MOST_MILLIS = 10 * MINUTE_MILLIS;
    private static final long KEPT_MILLIS = 120 * MINUTE_MILLIS;

    private static final int MAX_STATE_BYTES = 64;

    private static final int SLOTS = 2_048;

    /** Files take space in blocks, and half of them are action files of 175 bytes. */
    private static final long BLOCK = 4_096;

    /** The size as it was last measured, with what was added since. */
    private record State(long measuredMillis, long bytes) {}

    /** Removes entries beyond the limit, if a measurement is due. A failure is left for the next time. */
    void enforceIfDue(long added) {
        try (FileChannel channel =
                        FileChannel.open(
                                layout.ownFile("size"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                State next = next(read(channel), added);
                String text = next.measuredMillis() + " " + next.bytes() + "\n";
                channel.truncate(channel.write(StandardCharsets.US_ASCII.encode(text), 0));
            }
        } catch (IOException | OverlappingFileLockException e) {
            return;
        }
    }

    private State next(@Nullable State state, long added) {
        long now = clock.millis();
        if (state != null) {
            long age = now - state.measuredMillis();
            long bytes = state.bytes() + added;
            boolean due =
                    age < 0
                            || age >= MEASURE_AT_LEAST_MILLIS
                            || (bytes > maxSize && age >= MEASURE_AT_MOST_MILLIS);
            if (!due) {
                return new State(state.measuredMillis(), bytes);
            }
        }
        long[] bytesByAge = new long[SLOTS];
        layout.visit(entry -> bytesByAge[slot(entry, now)] += occupied(entry));
        long size = Arrays.stream(bytesByAge).sum();
        return new State(now, size > maxSize ? size - shrink(bytesByAge, size, now) : size);
    }

    /** Removes the oldest entries, down to nine tenths of the limit; how many bytes it were. */
    private long shrink(long[] bytesByAge, long size, long now) {
        // What the youngest of the slots that go has to give, where they begin with the oldest.
        long[] left = {size - maxSize / 10 * 9};
        int youngest = SLOTS - 1;
        while (youngest > 0 && bytesByAge[youngest] < left[0]) {
            left[0] -= bytesByAge[youngest--];
        }
        int last = youngest;
        long[] freed = new long[1];
        layout.visit(
                entry -> {
                    int age = slot(entry, now);
                    boolean goes = age > last || (age == last && left[0] > 0);
                    if (goes && now - entry.usedMillis() >= KEPT_MILLIS && entry.remove()) {
                        freed[0] += occupied(entry);
                        left[0] -= age == last ? occupied(entry) : 0;
                    }
                });
        return freed[0];
    }

    /** Entries of about the same age have one slot, so that the memory does not depend on their number: the larger, the older. */
    private static int slot(CacheLayout.Entry entry, long now) {
        return Math.clamp((now - entry.usedMillis()) / (10 * MINUTE_MILLIS), 0, SLOTS - 1);
    }

    private static long occupied(CacheLayout.Entry entry) {
        return (entry.size() + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static @Nullable State read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_STATE_BYTES);
        int count = channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, Math.max(count, 0), StandardCharsets.ISO_8859_1);
        String[] numbers = text.strip().split(" ", 2);
        try {
            return new State(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return null;
        }
    }
}
