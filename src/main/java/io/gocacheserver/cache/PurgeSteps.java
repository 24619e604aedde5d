package io.gocacheserver.cache;

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
    private int deleted;
    private int notDeleted;
    private boolean outage;

    PurgeSteps(TieredCache.@Nullable Remote remote) {
        this.remote = remote;
    }

    /** The actions removed so far. */
    List<ActionKey> actions() {
        return List.copyOf(actions);
    }

    void removeLocally(Removal removal) {
        try {
            LocalRemoval.Removed removed = removal.remove();
            actions.addAll(removed.actions());
            objects.addAll(removed.objects());
        } catch (TierException e) {
            failures.add(String.valueOf(e.getMessage()));
        }
    }

    void failed(TierException e) {
        failures.add(String.valueOf(e.getMessage()));
    }

    void awaitUploads(Wait wait) {
        if (remote == null) {
            return;
        }
        try {
            if (!wait.await(remote.uploads())) {
                failures.add("an upload is still under way, and may bring it back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted while waiting for uploads under way");
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
            failures.add("%s is not deleted: %s".formatted(what, e.getMessage()));
        }
    }

    Purged result(String kind, String id) {
        return new Purged(
                kind,
                id,
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
