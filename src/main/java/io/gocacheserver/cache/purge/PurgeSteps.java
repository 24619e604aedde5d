package io.gocacheserver.cache.purge;

import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.UploadQueue;
import io.gocacheserver.cache.tier.LocalRemoval;
import io.gocacheserver.cache.tier.RemoteTier;
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

    /** For each request to the remote tier, and for the uploads under way. */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final int MAX_FAILURES = 100;

    interface Removal {
        LocalRemoval.Removed remove() throws TierException;
    }

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

    /** How many actions were removed so far. */
    int actionsRemoved() {
        return actionsRemoved;
    }

    /** Removes from disk; the actions that it removed. */
    List<ActionKey> removeLocally(Removal removal) {
        try {
            LocalRemoval.Removed removed = removal.remove();
            actionsRemoved += removed.actions().size();
            objectsRemoved += removed.objects().size();
            removed.actions().stream().limit(room(actions)).forEach(actions::add);
            removed.objects().stream().limit(room(objects)).forEach(objects::add);
            return removed.actions();
        } catch (TierException e) {
            failed(e);
            return List.of();
        }
    }

    void failed(TierException e) {
        failed(String.valueOf(e.getMessage()));
    }

    private void failed(String what) {
        if (failures.size() < MAX_FAILURES) {
            failures.add(what);
        } else {
            furtherFailures++;
        }
    }

    private static int room(Set<?> named) {
        return Math.max(0, Purged.MAX_NAMED - named.size());
    }

    void awaitUploads(Wait wait) {
        if (remote == null) {
            return;
        }
        try {
            if (!wait.await(remote.uploads())) {
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
        return new Purged(
                kind,
                id,
                actionsRemoved,
                objectsRemoved,
                List.copyOf(actions),
                List.copyOf(objects),
                remoteResult(),
                List.copyOf(failures));
    }

    private String remoteResult() {
        if (remote == null) {
            return "there is none";
        }
        return notDeleted == 0
                ? "deleted %d records and objects".formatted(deleted)
                : "deleted %d records and objects, NOT %d".formatted(deleted, notDeleted);
    }
}
