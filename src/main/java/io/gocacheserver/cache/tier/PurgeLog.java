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
     * @param kind what was removed: one action, one output, or all writes of somebody
     * @param id in hex; of writes: what was asked for
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
