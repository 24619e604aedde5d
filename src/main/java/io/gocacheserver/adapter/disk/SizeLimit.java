package io.gocacheserver.adapter.disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/**
 * Keeps a cache directory within a size, which cmd/go itself does not: beyond it the least recently used entries go,
 * down to nine tenths.
 *
 * <p>Entries that were used within the last hour stay, of any size, since a build that runs now may still open it. A time
 * of last use may be an hour too old, so that means two hours by mtime.
 *
 * <p>To know the size one has to look at each file, which takes some seconds for 100,000 of them. So {@code
 * <dir>/go-cache-adapter/size} holds the size last measured, when that was, and what builds have added since. One
 * measures when it is an hour old, since native builds do not tell what they add; or when the limit seems to be
 * exceeded, but not more often than every ten minutes. A lock on that file keeps it to one process at a time.
 */
final class SizeLimit {

    private static final long MINUTE_MILLIS = 60_000L;
    private static final long MEASURE_AT_LEAST_MILLIS = 60 * MINUTE_MILLIS;
    private static final long MEASURE_AT_MOST_MILLIS = 10 * MINUTE_MILLIS;
    private static final long KEPT_MILLIS = 120 * MINUTE_MILLIS;

    private static final int MAX_STATE_BYTES = 64;

    /** Files take space in blocks, and half of them are action files of 175 bytes. */
    private static final long BLOCK = 4_096;

    private final CacheLayout layout;
    private final long maxSize;
    private final InstantSource clock;

    /**
     * The size as it was last measured.
     *
     * @param measuredMillis when it was measured, in milliseconds since 1970
     * @param bytes measured, and added since
     */
    private record State(long measuredMillis, long bytes) {}

    /** @param maxSize bytes */
    SizeLimit(CacheLayout layout, long maxSize, InstantSource clock) {
        this.layout = layout;
        this.maxSize = maxSize;
        this.clock = clock;
    }

    /**
     * Removes entries beyond the limit, if a measurement is due. A failure is left for the next time.
     *
     * @param added bytes that this build stored
     */
    void enforceIfDue(long added) {
        Path file = layout.ownFile("size");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel =
                            FileChannel.open(
                                    file,
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    write(channel, next(read(channel), added));
                }
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
        CacheEntries entries = new CacheEntries(layout);
        SizeByAge sizes = new SizeByAge(now, MINUTE_MILLIS * 10);
        entries.visit(entry -> sizes.add(entry.usedMillis(), occupied(entry)));
        long size = sizes.total();
        if (size > maxSize) {
            size -= shrink(entries, sizes, size - maxSize / 10 * 9, now);
        }
        return new State(now, size);
    }

    /** Removes the oldest {@code surplus} bytes; how many it were. */
    private static long shrink(CacheEntries entries, SizeByAge sizes, long surplus, long now) {
        int oldest = sizes.cutoff(surplus);
        long[] left = {surplus - sizes.olderThan(oldest)};
        long[] freed = new long[1];
        entries.visit(
                entry -> {
                    int age = sizes.slot(entry.usedMillis());
                    boolean goes = age > oldest || (age == oldest && left[0] > 0);
                    if (goes && now - entry.usedMillis() >= KEPT_MILLIS && entry.remove()) {
                        long size = occupied(entry);
                        freed[0] += size;
                        left[0] -= age == oldest ? size : 0;
                    }
                });
        return freed[0];
    }

    private static long occupied(CacheEntries.Entry entry) {
        return (entry.size() + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static @Nullable State read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_STATE_BYTES);
        int count = channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, Math.max(count, 0), StandardCharsets.ISO_8859_1);
        int blank = text.indexOf(' ');
        try {
            return new State(
                    Long.parseLong(text.substring(0, Math.max(blank, 0))),
                    Long.parseLong(text.substring(blank + 1).strip()));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static void write(FileChannel channel, State state) throws IOException {
        String text = state.measuredMillis() + " " + state.bytes() + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        channel.write(bytes, 0);
        channel.truncate(bytes.limit());
    }
}
