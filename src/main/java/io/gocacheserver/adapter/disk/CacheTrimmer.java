package io.gocacheserver.adapter.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/**
 * Removes what has not been used for five days, at most once a day, by the rules of cmd/go's {@code DiskCache.Trim}; it
 * does not trim while a helper is set, so the helper must. {@code trim.txt} holds the second in which the last trim
 * began.
 *
 * <p>cmd/go guards {@code trim.txt} with {@code flock}, which Java does not have. Two trims at once cost time and do no
 * harm.
 */
public final class CacheTrimmer {

    private static final long HOUR_MILLIS = 3_600_000L;
    private static final long INTERVAL_MILLIS = 24 * HOUR_MILLIS;

    /** Five days, and the hour by which times of last use may be too old. */
    private static final long UNUSED_MILLIS = (5 * 24 + 1) * HOUR_MILLIS;

    private static final int SUBDIRECTORIES = 256;

    private final CacheLayout layout;
    private final InstantSource clock;

    CacheTrimmer(CacheLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
    }

    /** Trims if that is due; returns how many entries were removed. */
    public int trimIfDue() {
        long now = clock.millis();
        Path stamp = Path.of(layout.root(), "trim.txt");
        if (isRecent(stamp, now)) {
            return 0;
        }
        try {
            Files.write(
                    stamp,
                    Long.toString(now / 1_000).getBytes(StandardCharsets.US_ASCII),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            return 0;
        }
        int removed = 0;
        for (int i = 0; i < SUBDIRECTORIES; i++) {
            removed += trim(Path.of(layout.subdirectory(i)), now - UNUSED_MILLIS);
        }
        return removed;
    }

    private static boolean isRecent(Path stamp, long now) {
        try {
            String text = Files.readString(stamp, StandardCharsets.ISO_8859_1);
            long age = now - Long.parseLong(text.strip()) * 1_000;
            return age < INTERVAL_MILLIS && age > -HOUR_MILLIS;
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static int trim(Path subdirectory, long cutoff) {
        int removed = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(subdirectory, "*-[ad]")) {
            for (Path entry : entries) {
                if (Files.getLastModifiedTime(entry).toMillis() < cutoff) {
                    remove(entry);
                    removed++;
                }
            }
        } catch (IOException e) {
            // Best effort, as in cmd/go: the next trim comes.
        }
        return removed;
    }

    private static void remove(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            try (DirectoryStream<Path> inner = Files.newDirectoryStream(entry)) {
                for (Path file : inner) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(entry);
    }
}
