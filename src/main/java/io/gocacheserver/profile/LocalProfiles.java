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
import java.util.concurrent.Semaphore;

/** The profiles that this replica has. A damaged one counts as none, and is replaced by the next build. */
final class LocalProfiles {

    /** Merges at the same time, since a merge takes some thirty times the memory of a profile. */
    private static final int MERGES = 1;

    private final RateLimitedLog rateLimitedLog =
            new RateLimitedLog(LoggerFactory.getLogger(LocalProfiles.class), System::nanoTime);
    private final LocalDocuments documents;
    private final ProfileMerge merging;
    private final InstantSource clock;
    private final Semaphore merges = new Semaphore(MERGES, true);

    LocalProfiles(LocalDocuments documents, ProfileMerge merging, InstantSource clock) {
        this.documents = documents;
        this.merging = merging;
        this.clock = clock;
    }

    Optional<BuildProfile> read(String name) throws TierException {
        return documents.read(name).flatMap(document -> decode(name, document));
    }

    /** The profile of this name; empty if there is none or it is damaged. */
    Optional<BuildProfile> decode(String name, byte[] document) {
        try {
            return Optional.of(BuildProfile.decode(document));
        } catch (MalformedMessageException e) {
            rateLimitedLog.warn("profile %s is ignored: %s".formatted(name, e.getMessage()));
            return Optional.empty();
        }
    }

    /** Adds to what is known, and returns both together. */
    BuildProfile merge(String name, BuildProfile added) throws TierException {
        merges.acquireUninterruptibly();
        try {
            Optional<BuildProfile> known = read(name);
            BuildProfile merged = merged(known, added);
            if (known.isEmpty() || !Arrays.equals(known.get().encoded(), merged.encoded())) {
                documents.write(name, merged.encoded());
            }
            return merged;
        } finally {
            merges.release();
        }
    }

    /** Most bytes of a profile; a larger document is not one. */
    int maxBytes() {
        return merging.maxBytes();
    }

    /** Both together, kept nowhere. */
    BuildProfile together(Optional<BuildProfile> known, BuildProfile added) {
        merges.acquireUninterruptibly();
        try {
            return merged(known, added);
        } finally {
            merges.release();
        }
    }

    private BuildProfile merged(Optional<BuildProfile> known, BuildProfile added) {
        // A profile merged with itself is one within the bounds.
        return merging.merge(known.orElse(added), added, clock.millis());
    }
}
