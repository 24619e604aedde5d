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

    private static final int LOCKS = 64;

    private final RateLimitedLog floods =
            new RateLimitedLog(LoggerFactory.getLogger(LocalProfiles.class), System::nanoTime);
    private final LocalDocuments documents;
    private final ProfileMerge merging;
    private final InstantSource clock;
    private final Object[] locks = new Object[LOCKS];

    LocalProfiles(LocalDocuments documents, ProfileMerge merging, InstantSource clock) {
        this.documents = documents;
        this.merging = merging;
        this.clock = clock;
        Arrays.setAll(locks, i -> new Object());
    }

    Optional<BuildProfile> read(String name) throws TierException {
        return documents.read(name).flatMap(document -> decode(name, document));
    }

    /** What is under a name, whoever has it; nothing if it is damaged. */
    Optional<BuildProfile> decode(String name, byte[] document) {
        try {
            return Optional.of(BuildProfile.decode(document));
        } catch (MalformedMessageException e) {
            floods.warn("profile %s is left out: %s".formatted(name, e.getMessage()));
            return Optional.empty();
        }
    }

    /** Adds to what is known, and returns both together. */
    BuildProfile merge(String name, BuildProfile added) throws TierException {
        synchronized (locks[Math.floorMod(name.hashCode(), LOCKS)]) {
            Optional<BuildProfile> known = read(name);
            BuildProfile merged = together(known, added);
            if (known.isEmpty() || !Arrays.equals(known.get().encoded(), merged.encoded())) {
                documents.write(name, merged.encoded());
            }
            return merged;
        }
    }

    /** Both together, kept nowhere. */
    BuildProfile together(Optional<BuildProfile> known, BuildProfile added) {
        // A profile merged with itself is one within the bounds.
        return merging.merge(known.orElse(added), added, clock.millis());
    }
}
