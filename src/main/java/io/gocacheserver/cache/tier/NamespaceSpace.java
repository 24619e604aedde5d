package io.gocacheserver.cache.tier;

import io.gocacheserver.model.Namespace;

/** The space that namespaces take in the local tier. */
public interface NamespaceSpace {

    /** Sum of the sizes of what the actions of a namespace other than global have produced, in bytes. */
    long bytes(Namespace namespace) throws TierException;

    /**
     * Removes a namespace's least recently used actions, those left out whose upload is pending.
     *
     * @param bytes that are to be freed
     * @return how many were
     */
    long makeRoom(Namespace namespace, long bytes) throws TierException;
}
