package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.disk.index.ObjectRows.Known;
import io.gocacheserver.model.ActionKey;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Removes what is found damaged, with the actions that lead to it, counts it and logs it with its key. */
public final class Damage {

    private static final int LOGGED_ACTIONS = 3;

    private final RateLimitedLog rateLimitedLog =
            new RateLimitedLog(LoggerFactory.getLogger(Damage.class), System::nanoTime);
    private final DiskLayout layout;
    private final Index index;
    private final Blobs blobs;
    private final CheckedObjects checked;
    private final CorruptionCounters counters;

    public Damage(
            DiskLayout layout,
            Index index,
            Blobs blobs,
            CheckedObjects checked,
            CorruptionCounters counters) {
        this.layout = layout;
        this.index = index;
        this.blobs = blobs;
        this.checked = checked;
        this.counters = counters;
    }

    /** Counts and logs. */
    public void report(FoundBy by, String what) {
        counters.increment(by);
        rateLimitedLog.warn(
                "[disk] found by %s: %s".formatted(by.name().toLowerCase(Locale.ROOT), what));
    }

    /**
     * Removes a damaged object.
     *
     * @return false if the index knows it otherwise by now; nothing is removed
     */
    public boolean remove(IndexedObject object, String fault, FoundBy by) throws SQLException {
        Optional<List<ActionKey>> removed =
                index.change(
                        writer -> {
                            Known now = writer.objects().find(object.output());
                            if (now == null || !isSame(now, object)) {
                                return Optional.empty();
                            }
                            checked.remove(now.id());
                            List<ActionKey> actions = writer.deleteObject(now);
                            blobs.deleteDamagedAfterCommit(now, writer);
                            return Optional.of(actions);
                        });
        if (removed.isEmpty()) {
            return false;
        }
        List<ActionKey> actions = removed.get();
        report(
                by,
                "object %s is damaged: %s; removed, with %d actions: %s%s"
                        .formatted(
                                object.output(),
                                fault,
                                actions.size(),
                                actions.stream().limit(LOGGED_ACTIONS).toList(),
                                actions.size() > LOGGED_ACTIONS ? " and others" : ""));
        return true;
    }

    /** The same for an object whose blob is missing, unless there is one by now. */
    public boolean removeMissing(IndexedObject object, FoundBy by)
            throws SQLException, IOException {
        if (!layout.isStillThere()) {
            throw new IOException(layout.root() + " is gone, or another one is in its place");
        }
        return !Files.exists(layout.blob(object.output(), object.coding()))
                && remove(object, "its blob is missing", by);
    }

    private static boolean isSame(Known now, IndexedObject object) {
        return now.id() == object.id()
                && now.stored() == object.stored()
                && now.coding() == object.coding()
                && now.inBlob() == (object.data() == null);
    }
}
