package io.gocacheserver.cache.filter;

/** The actions of the remote tier, which other replicas write too. */
public interface RemoteActions extends ActionListing {}
