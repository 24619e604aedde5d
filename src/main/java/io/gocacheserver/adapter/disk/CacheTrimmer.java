package io.gocacheserver.adapter.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/**
 * Removes what has not been used for five days, at most once a day, by the rules of cmd/go's {@code DiskCache.Trim}; it
 * does not trim while a helper is set, so the helper must. {@code trim.txt} holds the second in which the last trim
 * began.
 *
 * <p>One rule is ours. Where that was weeks ago, the clock has more likely been set than the machine been idle, and all
 * entries would seem old: so nothing is removed until the next trim, a day later, when what is in use has been used.
 *
 * <p>cmd/go guards {@code trim.txt} with flock(2), which Java does not have. Two trims at once cost time and do no
 * harm.
 */
public record CacheTrimmer(CacheLayout layout, InstantSource clock) {

    static final String STAMP = "trim.txt";

    private static final long HOUR_MILLIS = 3_600_000L;
    private static final long INTERVAL_MILLIS = 24 * HOUR_MILLIS;

    /** Five days, and the hour by which times of last use may be too old. */
    private static final long UNUSED_MILLIS = (5 * 24 + 1) * HOUR_MILLIS;

    private static final long LEAP_MILLIS = 28 * 24 * HOUR_MILLIS;
    private static final long UNKNOWN_AGE = Long.MAX_VALUE;

    /** Trims if that is due; returns how many entries were removed. */
    public int trimIfDue() {
        long now = clock.millis();
        Path stamp = Path.of(layout.root(), STAMP);
        long age = age(stamp, now);
        if (age < INTERVAL_MILLIS && age > -HOUR_MILLIS) {
            return 0;
        }
        // Writes before it truncates, as cmd/go does, so that no other process reads an empty file.
        try (FileChannel file =
                FileChannel.open(stamp, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.truncate(file.write(StandardCharsets.US_ASCII.encode(Long.toString(now / 1_000))));
        } catch (IOException e) {
            return 0;
        }
        int[] removed = new int[1];
        if (age <= LEAP_MILLIS || age == UNKNOWN_AGE) {
            layout.visit(
                    entry -> {
                        if (entry.usedMillis() < now - UNUSED_MILLIS && entry.remove()) {
                            removed[0]++;
                        }
                    });
        }
        return removed[0];
    }

    private static long age(Path stamp, long now) {
        try {
            String text = Files.readString(stamp, StandardCharsets.ISO_8859_1);
            return now - Long.parseLong(text.strip()) * 1_000;
        } catch (IOException | NumberFormatException e) {
            return UNKNOWN_AGE;
        }
    }
}
