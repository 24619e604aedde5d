package io.gocacheserver.cache.tier;

import io.gocacheserver.model.Namespace;

/** The space that namespaces take in the local tier. */
public interface NamespaceSpace {

    /**
     * Sum of the sizes of what the actions of a namespace other than global have produced, and of the objects that were sent
     * for it and to which none of them leads, in bytes.
     */
    long bytes(Namespace namespace) throws TierException;

    /**
     * Removes the objects that were sent for a namespace and to which no action of it leads, the oldest first, and then its
     * least recently used actions, those left out whose upload is pending.
     */
    long makeRoom(Namespace namespace, long bytes) throws TierException;
}
