package io.gocacheserver.cache.tier;

/** Puts something before the tiers that sees what is asked of them. */
public interface TierDecorator {

    LocalTier decorate(LocalTier tier);

    RemoteTier decorate(RemoteTier tier);
}
