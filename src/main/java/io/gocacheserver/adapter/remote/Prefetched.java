package io.gocacheserver.adapter.remote;

import org.jspecify.annotations.Nullable;

/**
 * The objects that a session has fetched ahead.
 *
 * @param profileKey the key of the profile that said what, or null if there was none
 * @param objects objects that came
 * @param bytes theirs
 * @param transferred the same as they were sent, frames included
 * @param roundTrips requests made for it
 */
public record Prefetched(
        @Nullable String profileKey, int objects, long bytes, long transferred, int roundTrips) {

    /** Nothing. */
    public static final Prefetched NONE = new Prefetched(null, 0, 0, 0, 0);
}
