package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.LocalCatalogue.Removed;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One purge while it is under way: takes its steps, and notes what each has done or has not. */
final class PurgeSteps {

    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final int MAX_FAILURES = 100;

    interface Wait {
        boolean await(UploadQueue uploads) throws InterruptedException;
    }

    interface Deletion {
        void delete(RemoteTier tier) throws TierException;
    }

    private final TieredCache.@Nullable Remote remote;
    private final Set<ActionKey> actions = new LinkedHashSet<>();
    private final Set<OutputId> objects = new LinkedHashSet<>();
    private final List<String> failures = new ArrayList<>();
    private int actionsRemoved;
    private int objectsRemoved;
    private int furtherFailures;
    private int deleted;
    private int notDeleted;
    private boolean outage;

    PurgeSteps(TieredCache.@Nullable Remote remote) {
        this.remote = remote;
    }

    int actionsRemoved() {
        return actionsRemoved;
    }

    /** Removes from disk; returns the actions that it removed. */
    List<ActionKey> removeLocally(Tier.Call<Removed> removal) {
        try {
            Removed removed = removal.run();
            actionsRemoved += removed.actions().size();
            objectsRemoved += removed.objects().size();
            removed.actions().stream().limit(room(actions)).forEach(actions::add);
            removed.objects().stream().limit(room(objects)).forEach(objects::add);
            return removed.actions();
        } catch (TierException e) {
            failed(String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private static int room(Set<?> named) {
        return Math.max(0, Purged.MAX_NAMED - named.size());
    }

    void failed(String what) {
        if (failures.size() < MAX_FAILURES) {
            failures.add(what);
        } else {
            furtherFailures++;
        }
    }

    void awaitUploads(Wait wait) {
        try {
            if (remote != null && !wait.await(remote.uploads())) {
                failed("an upload is still under way, and may bring it back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed("interrupted while waiting for uploads under way");
        }
    }

    /** Deletes, unless the remote tier was found not to work: then it is not asked a thousand times more. */
    void deleteRemotely(String what, Deletion deletion) {
        if (remote == null) {
            return;
        }
        if (outage) {
            notDeleted++;
            return;
        }
        try {
            deletion.delete(remote.tier());
            deleted++;
        } catch (TierException e) {
            notDeleted++;
            outage = e instanceof TierException.Remote failure && failure.isOutage();
            failed("%s is not deleted: %s".formatted(what, e.getMessage()));
        }
    }

    Purged result(String kind, String id) {
        if (furtherFailures > 0) {
            failures.add("%d more failures".formatted(furtherFailures));
        }
        String not = notDeleted == 0 ? "" : ", NOT " + notDeleted;
        return new Purged(
                kind,
                id,
                actionsRemoved,
                objectsRemoved,
                List.copyOf(actions),
                List.copyOf(objects),
                remote == null
                        ? "there is none"
                        : "deleted %d records and objects%s".formatted(deleted, not),
                List.copyOf(failures));
    }
}
