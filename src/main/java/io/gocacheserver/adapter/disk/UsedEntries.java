package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Entries of a cache directory that any program has used since a mark was set. cmd/go writes down the time of use
 * only if the one that is there is older than an hour; so {@link #mark} makes all times at least two hours old, and what
 * is younger afterwards has been used.
 */
public record UsedEntries(CacheLayout layout, InstantSource clock) {

    private static final String MARK = "restored";
    private static final long HOUR_MILLIS = 3_600_000L;

    /** Sets the mark to now. Fails if the directory cannot be written. */
    public void mark() throws LocalDiskException {
        long now = clock.millis();
        FileTime before = FileTime.fromMillis(now - 2 * HOUR_MILLIS);
        layout.visit(
                entry -> {
                    if (entry.usedMillis() > before.toMillis() && entry.action() != null) {
                        try {
                            Files.setLastModifiedTime(entry.path(), before);
                        } catch (IOException e) {
                            // Gone, or another user's: it counts as used, which costs bytes at
                            // most.
                        }
                    }
                });
        try {
            Files.writeString(layout.ownFile(MARK), Long.toString(now));
        } catch (IOException e) {
            throw new LocalDiskException(layout.root(), e);
        }
    }

    /** Actions used since the mark, in the order of use; all there are if none was set. */
    public List<ActionId> list() {
        long since = readMark() - HOUR_MILLIS;
        List<CacheLayout.Entry> used = new ArrayList<>();
        layout.visit(
                entry -> {
                    if (entry.usedMillis() >= since && entry.action() != null) {
                        used.add(entry);
                    }
                });
        used.sort(
                Comparator.comparingLong(CacheLayout.Entry::usedMillis)
                        .thenComparing(CacheLayout.Entry::path));
        return used.stream().map(entry -> Objects.requireNonNull(entry.action())).toList();
    }

    private long readMark() {
        try {
            return Long.parseLong(Files.readString(layout.ownFile(MARK)).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
