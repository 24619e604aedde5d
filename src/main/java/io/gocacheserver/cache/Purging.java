package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Removes by hand what should not be in the cache, from every tier, and keeps a record of who did it. */
public interface Purging {

    /**
     * Removes an action; on disk also its object, if no other action leads to that.
     *
     * @param namespace from which; null: from all in which this replica knows it, and from global
     */
    Purged purge(
            ActionId action,
            @Nullable Namespace namespace,
            String by,
            String from,
            @Nullable String reason);

    Purged purge(OutputId output, String by, String from, @Nullable String reason);

    /** The latest entries of a writer that this replica's disk knows and, if there is one, the remote tier. */
    List<Entry> written(WrittenBy query, int max) throws TierException;

    /**
     * Removes what a writer has put. If a tier cannot be asked what that is, the result says so, and what the other one knows
     * is removed all the same.
     */
    Purged purge(WrittenBy query, String by, String from, @Nullable String reason);
}
