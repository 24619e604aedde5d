package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a session fetches ahead of its Gets.
 *
 * @param build what is built
 * @param wanted whether to fetch ahead, and to say at the end what was used
 * @param maxBytes most bytes of objects that are fetched ahead, as they are sent
 * @param timeout after which nothing more is fetched ahead
 */
public record PrefetchSettings(GoBuild build, boolean wanted, long maxBytes, Duration timeout) {

    /** Nothing is fetched ahead, and no build noted. */
    public static final PrefetchSettings NONE =
            new PrefetchSettings(
                    new GoBuild(new GoInvocation("", List.of(), Map.of()), Map.of(), null),
                    false,
                    0,
                    Duration.ZERO);
}
