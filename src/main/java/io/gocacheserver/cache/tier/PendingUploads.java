package io.gocacheserver.cache.tier;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The uploads that the remote tier is still to get, at most one an action, kept together with the actions, so that they
 * survive kill -9. Entries whose upload is pending are not evicted.
 */
public interface PendingUploads {

    /**
     * Those whose time has come: first those that were never put off, in the order of their Puts, then the others, in the
     * order in which they became due. They stay pending.
     */
    List<Upload> due(Instant now, int max) throws TierException;

    /** Forgets an upload, since it is done or given up. No effect if a later Put has replaced it. */
    void remove(Upload upload) throws TierException;

    /** Puts an upload off. No effect if it is no longer pending, or a later Put has replaced it. */
    void postpone(Upload upload, int attempts, Instant notBefore) throws TierException;

    Backlog backlog();

    /**
     * The uploads that are pending.
     *
     * @param count number of them, those under way included
     */
    record Backlog(long count, @Nullable Instant oldest) {}
}
