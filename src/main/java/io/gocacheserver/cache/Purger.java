package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalCatalogue.Removed;
import io.gocacheserver.cache.tier.PurgeLog;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes by hand what should not be in the cache, from disk and from the remote tier, in an order that leaves nothing
 * behind:
 *
 * <pre>
 * 1. disk: actions, objects, pending uploads
 * 2. wait for the uploads of these that are under way
 * 3. remote tier: the action records, then the object in every coding
 * 4. disk again, since a Get may have brought it back from the remote tier meanwhile; and the records of actions that
 *    this was the first to see
 * </pre>
 *
 * <p>Purging an output removes the action records of all actions that the disk knew to lead to it, too. Purging an action
 * removes of the remote tier its record only, since the object may be that of others. What the disk does not know is
 * purged from the remote tier all the same. Each step is tried whatever became of the one before, and what failed is said
 * in the result, in the log of purges and in the log {@code audit}.
 *
 * <p>Other replicas keep what is on their disks: each has to be told.
 */
public class Purger {

    private static final Logger audit = LoggerFactory.getLogger("audit");
    private static final int BATCH = 10_000;

    private final LocalCatalogue local;
    private final TieredCache.@Nullable Remote remote;
    private final PurgeLog purges;
    private final InstantSource clock;

    public Purger(
            LocalCatalogue local,
            TieredCache.@Nullable Remote remote,
            PurgeLog purges,
            InstantSource clock) {
        this.local = local;
        this.remote = remote;
        this.purges = purges;
        this.clock = clock;
    }

    /**
     * Removes an action; on disk also its object, if no other action leads to that.
     *
     * @param namespace from which; null: from all in which this replica knows it, and from global
     */
    public Purged purge(
            ActionId action,
            @Nullable Namespace namespace,
            String by,
            String from,
            @Nullable String reason) {
        PurgeSteps steps = new PurgeSteps(remote);
        for (ActionKey key : keys(action, namespace, steps)) {
            purge(key, steps);
        }
        return record(steps.result("action", action.hex()), by, from, reason);
    }

    /** The latest entries of a writer that this replica's disk knows and, if there is one, the remote tier. */
    public List<Entry> written(WrittenBy query, int max) throws TierException {
        LatestEntries latest = new LatestEntries(max, new HashMap<>());
        local.written(query, max).forEach(latest::add);
        if (remote != null) {
            remote.tier().written(query, latest::add);
        }
        return latest.newestFirst();
    }

    /**
     * Removes what a writer has put. If a tier cannot be asked what that is, the result says so, and what the other one knows
     * is removed all the same.
     */
    public Purged purge(WrittenBy query, String by, String from, @Nullable String reason) {
        PurgeSteps steps = new PurgeSteps(remote);
        try {
            if (remote != null) {
                remote.tier().written(query, entry -> purge(entry.key(), steps));
            }
        } catch (TierException e) {
            steps.failed(String.valueOf(e.getMessage()));
        }
        purgeInParts(() -> local.written(query, BATCH), 1, steps);
        return record(steps.result("writes", query.toString()), by, from, reason);
    }

    /** Removes a part at a time, as long as parts have so many actions: there may be millions. */
    private void purgeInParts(Tier.Call<List<Entry>> part, int least, PurgeSteps steps) {
        int removedBefore;
        do {
            removedBefore = steps.actionsRemoved();
            try {
                List<Entry> entries = part.run();
                if (entries.size() >= least) {
                    entries.forEach(entry -> purge(entry.key(), steps));
                }
            } catch (TierException e) {
                steps.failed(String.valueOf(e.getMessage()));
            }
        } while (steps.actionsRemoved() > removedBefore);
    }

    private void purge(ActionKey key, PurgeSteps steps) {
        steps.removeLocally(() -> local.remove(key));
        steps.awaitUploads(uploads -> uploads.awaitNotRunning(key, PurgeSteps.TIMEOUT));
        steps.deleteRecord(key);
        steps.removeLocally(() -> local.remove(key));
    }

    private List<ActionKey> keys(ActionId action, @Nullable Namespace namespace, PurgeSteps steps) {
        if (namespace != null) {
            return List.of(new ActionKey(namespace, action));
        }
        Set<ActionKey> keys = new LinkedHashSet<>();
        keys.add(ActionKey.global(action));
        try {
            local.entries(action).forEach(entry -> keys.add(entry.key()));
        } catch (TierException e) {
            steps.failed(String.valueOf(e.getMessage()));
        }
        return List.copyOf(keys);
    }

    public Purged purge(OutputId output, String by, String from, @Nullable String reason) {
        PurgeSteps steps = new PurgeSteps(remote);
        purgeInParts(() -> local.entries(output, BATCH), BATCH, steps);
        List<ActionKey> removed = steps.removeLocally(() -> local.remove(output));
        steps.awaitUploads(uploads -> uploads.awaitNotRunning(output, PurgeSteps.TIMEOUT));
        removed.forEach(steps::deleteRecord);
        steps.deleteRemotely(
                "object " + output, tier -> tier.deleteObject(output, PurgeSteps.TIMEOUT));
        steps.removeLocally(() -> local.remove(output)).forEach(steps::deleteRecord);
        return record(steps.result("output", output.hex()), by, from, reason);
    }

    private Purged record(Purged purged, String by, String from, @Nullable String reason) {
        audit.info(
                "purge of {} {} by {} from {}, reason: {}; removed from disk {} actions, {} objects;"
                        + " remote tier: {}; {}",
                purged.kind(),
                purged.id(),
                oneLine(by),
                oneLine(from),
                reason == null ? "none given" : oneLine(reason),
                purged.actionsRemoved(),
                purged.objectsRemoved(),
                purged.remote(),
                purged.isComplete() ? "complete" : "NOT COMPLETE: " + purged.failures());
        try {
            purges.add(
                    new PurgeLog.Purge(
                            clock.instant(),
                            by,
                            from,
                            purged.kind(),
                            purged.id(),
                            reason,
                            purged.actionsRemoved(),
                            purged.objectsRemoved(),
                            purged.isComplete()
                                    ? purged.remote()
                                    : purged.remote() + "; failed: " + purged.failures()));
            return purged;
        } catch (TierException e) {
            return purged.withFailure("the purge is not recorded: " + e.getMessage());
        }
    }

    /** A text that a client sent cannot write lines of its own into the log. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** The latest of any number of entries, each action once. It never holds more than twice as many as are wanted. */
    private record LatestEntries(int max, Map<ActionKey, Entry> entries) {

        /** Of two entries of one action the first one counts. */
        void add(Entry entry) {
            entries.putIfAbsent(entry.key(), entry);
            if (entries.size() >= 2L * max) {
                List<Entry> latest = newestFirst();
                entries.clear();
                latest.forEach(each -> entries.put(each.key(), each));
            }
        }

        List<Entry> newestFirst() {
            return entries.values().stream()
                    .sorted(Comparator.comparing(Entry::time).reversed())
                    .limit(max)
                    .toList();
        }
    }

    /** One purge while it is under way: takes its steps, and notes what each has done or has not. */
    private static final class PurgeSteps {

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

        void deleteRecord(ActionKey key) {
            deleteRemotely("action record " + key, tier -> tier.deleteAction(key, TIMEOUT));
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

    /**
     * The result of a purge, of bounded size however much was removed.
     *
     * @param kind whether the ID is one of an action or of an output
     * @param actions removed from disk; the first {@value #MAX_NAMED} of them if there are more
     * @param failures what was not done; empty if nothing is left behind that this replica knew of
     */
    public record Purged(
            String kind,
            String id,
            int actionsRemoved,
            int objectsRemoved,
            List<ActionKey> actions,
            List<OutputId> objects,
            String remote,
            List<String> failures) {

        static final int MAX_NAMED = 10_000;

        public boolean isComplete() {
            return failures.isEmpty();
        }

        Purged withFailure(String failure) {
            List<String> all = Stream.concat(failures.stream(), Stream.of(failure)).toList();
            return new Purged(
                    kind, id, actionsRemoved, objectsRemoved, actions, objects, remote, all);
        }
    }
}
