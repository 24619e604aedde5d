package io.gocacheserver.cache;

/** Puts something before the cache that sees each request. */
public interface CacheDecorator {

    BuildCache decorate(BuildCache cache);
}
