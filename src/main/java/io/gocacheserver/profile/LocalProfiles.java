package io.gocacheserver.profile;

import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.MalformedMessageException;

import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/** The profiles that this replica has. A damaged one counts as none, and is replaced by the next build. */
final class LocalProfiles {

    private final RateLimitedLog rateLimitedLog =
            new RateLimitedLog(LoggerFactory.getLogger(LocalProfiles.class), System::nanoTime);
    private final LocalDocuments documents;
    private final ProfileMerge merging;
    private final InstantSource clock;

    LocalProfiles(LocalDocuments documents, ProfileMerge merging, InstantSource clock) {
        this.documents = documents;
        this.merging = merging;
        this.clock = clock;
    }

    Optional<BuildProfile> read(String name) throws TierException {
        return documents.read(name).flatMap(document -> decode(name, document));
    }

    Optional<BuildProfile> decode(String name, byte[] document) {
        try {
            return Optional.of(BuildProfile.decode(document));
        } catch (MalformedMessageException e) {
            rateLimitedLog.warn("profile %s is ignored: %s".formatted(name, e.getMessage()));
            return Optional.empty();
        }
    }

    /** Adds to what is known, and returns both together. One at a time, since it takes some thirty times the memory of a profile. */
    synchronized BuildProfile merge(String name, BuildProfile added) throws TierException {
        Optional<BuildProfile> known = read(name);
        BuildProfile merged = together(known, added);
        if (known.isEmpty() || !Arrays.equals(known.get().encoded(), merged.encoded())) {
            documents.write(name, merged.encoded());
        }
        return merged;
    }

    /** Most bytes of a profile; a larger document is not one. */
    int maxBytes() {
        return merging.maxBytes();
    }

    /** Both together, kept nowhere. */
    synchronized BuildProfile together(Optional<BuildProfile> known, BuildProfile added) {
        // A profile merged with itself is one within the bounds.
        return merging.merge(known.orElse(added), added, clock.millis());
    }
}
