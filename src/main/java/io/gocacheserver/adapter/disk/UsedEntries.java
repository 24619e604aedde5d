package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Entries of a cache directory that any program has used since a mark was set. cmd/go writes down the time of use
 * only if the one that is there is older than an hour; so {@link #mark} makes all times at least two hours old, and what
 * is younger afterwards has been used.
 */
public final class UsedEntries {

    private static final String MARK = "restored";
    private static final long HOUR_MILLIS = 3_600_000L;
    private static final String ACTION_SUFFIX = "-a";
    private static final String ID = "[0-9a-f]{64}";

    private final CacheLayout layout;
    private final InstantSource clock;

    UsedEntries(CacheLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
    }

    /**
     * Sets the mark to now.
     *
     * @throws LocalDiskException if the directory cannot be written
     */
    public void mark() throws LocalDiskException {
        long now = clock.millis();
        FileTime before = FileTime.fromMillis(now - 2 * HOUR_MILLIS);
        new CacheEntries(layout)
                .visit(
                        entry -> {
                            if (entry.usedMillis() > before.toMillis() && isAction(entry.path())) {
                                age(entry.path(), before);
                            }
                        });
        Path mark = layout.ownFile(MARK);
        try {
            Files.createDirectories(Path.of(layout.root(), CacheLayout.OWN_DIRECTORY));
            Files.writeString(mark, Long.toString(now));
        } catch (IOException e) {
            throw new LocalDiskException(mark.toString(), e);
        }
    }

    /** Actions used since the mark, in the order of use; all there are if none was set. */
    public List<ActionId> list() {
        long since = readMark() - HOUR_MILLIS;
        List<CacheEntries.Entry> used = new ArrayList<>();
        new CacheEntries(layout)
                .visit(
                        entry -> {
                            if (entry.usedMillis() >= since && isAction(entry.path())) {
                                used.add(entry);
                            }
                        });
        used.sort(
                Comparator.comparingLong(CacheEntries.Entry::usedMillis)
                        .thenComparing(CacheEntries.Entry::path));
        List<ActionId> actions = new ArrayList<>(used.size());
        for (CacheEntries.Entry entry : used) {
            actions.add(new ActionId(id(entry.path())));
        }
        return actions;
    }

    private long readMark() {
        try {
            return Long.parseLong(
                    Files.readString(layout.ownFile(MARK), StandardCharsets.ISO_8859_1).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static void age(Path path, FileTime time) {
        try {
            Files.setLastModifiedTime(path, time);
        } catch (IOException e) {
            // Gone, or another user's: it counts as used, which costs bytes at most.
        }
    }

    private static boolean isAction(Path path) {
        return path.toString().endsWith(ACTION_SUFFIX) && id(path).matches(ID);
    }

    private static String id(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.substring(0, name.length() - ACTION_SUFFIX.length());
    }
}
