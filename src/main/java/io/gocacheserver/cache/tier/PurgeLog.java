package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Records of what operators removed. It survives restarts; when there are many, the oldest records are dropped. */
public interface PurgeLog {

    void add(Purge purge) throws TierException;

    List<Purge> latest(int max) throws TierException;

    /**
     * One removal.
     *
     * @param by who says to have done it: a name, a user
     * @param from the address from which the request came
     * @param kind what was removed: one action, one output, or all writes of somebody
     * @param id in hex; of writes: what was asked for
     * @param reason why, if it was said
     * @param actions number of actions removed from disk
     * @param objects number of objects removed from disk
     * @param remote what became of it in the remote tier, for people
     */
    record Purge(
            Instant time,
            String by,
            String from,
            String kind,
            String id,
            @Nullable String reason,
            int actions,
            int objects,
            String remote) {}
}
