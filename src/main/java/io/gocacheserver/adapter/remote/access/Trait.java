package io.gocacheserver.adapter.remote.access;

/** A property that a service shows by its answers. */
public enum Trait {
    /** It is a cache: something other than a web page has come from it. */
    CACHE,

    /** An object was what the service said. Before that, no object is given more time because it seems to come. */
    PROVEN,

    /** It takes objects that are compressed. */
    TAKES_ZSTD,

    /** It does not know build profiles. */
    NO_PROFILES,

    /** It does not say which actions it has. */
    NO_FILTER,

    /** It does not take reports of builds. */
    NO_BUILD_REPORTS
}
