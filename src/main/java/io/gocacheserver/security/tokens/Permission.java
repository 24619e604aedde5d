package io.gocacheserver.security.tokens;

public enum Permission {
    /** Get actions and objects that its namespaces have, use build profiles, report builds. */
    READ,
    /** Put into its own namespace. */
    WRITE,
    /** See what the cache does: metrics, health in detail, the status page. */
    OBSERVE,
    /** See builds: of observers all, of others those of namespaces that they read. */
    BUILDS,
    /** Look into the cache, purge, evict: all that there is. */
    ADMIN
}
