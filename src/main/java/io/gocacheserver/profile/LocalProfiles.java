package io.gocacheserver.profile;

import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.BuildProfile.Build;
import io.gocacheserver.wire.BuildProfile.Use;
import io.gocacheserver.wire.MalformedMessageException;

import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The profiles that this replica has. A damaged one counts as none, and is replaced by the next build. */
final class LocalProfiles {

    private final RateLimitedLog rateLimitedLog =
            new RateLimitedLog(LoggerFactory.getLogger(LocalProfiles.class), System::nanoTime);
    private final LocalDocuments documents;
    private final Merging merging;
    private final InstantSource clock;

    LocalProfiles(LocalDocuments documents, Merging merging, InstantSource clock) {
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

    /**
     * Makes one profile of two of the same key. Each action keeps the latest build that used it, so a build of one package
     * removes nothing that the build of everything has noted before. The order is that of the profile with the later build;
     * actions of the other one alone follow. An action is dropped when so many builds, or so much time, have gone by
     * since it was used last; and the last ones are dropped if there are too many. A build from the future, of a machine whose
     * clock is wrong, counts as the earliest: else it would stand before all others until then.
     *
     * <p>A build is one profile with one build. To merge it a second time changes nothing; so replicas may merge what they
     * have in any order, and as often as they like, and end with the same actions.
     *
     * @param maxBuilds builds that are remembered
     * @param maxAge since a build, after which it is not
     * @param maxActions in a profile
     */
    record Merging(int maxBuilds, Duration maxAge, int maxActions) {

        private static final int FULL_ID_LENGTH = 64;

        /** Clocks of replicas may differ by so much. */
        private static final long TOLERANCE_MILLIS = Duration.ofHours(1).toMillis();

        /** Most bytes of a profile of so many actions, with IDs of {@value #FULL_ID_LENGTH} bytes. */
        int maxBytes() {
            long bytes = (long) maxActions * (1 + FULL_ID_LENGTH) + BuildProfile.MAX_OVERHEAD;
            return (int) Math.min(Integer.MAX_VALUE / 2, bytes);
        }

        BuildProfile merge(BuildProfile one, BuildProfile other, long nowMillis) {
            Comparator<Build> latestFirst = latestFirst(nowMillis + TOLERANCE_MILLIS);
            boolean isOneLater =
                    latestFirst.compare(one.builds().getFirst(), other.builds().getFirst()) <= 0;
            BuildProfile later = isOneLater ? one : other;
            BuildProfile earlier = isOneLater ? other : one;
            if (later.idLength() != earlier.idLength()) {
                return later; // another kind of hash: the earlier profile's actions mean nothing
                // now
            }
            Set<Build> all = new LinkedHashSet<>(later.builds());
            all.addAll(earlier.builds());
            long oldest = nowMillis - maxAge.toMillis();
            List<Build> kept =
                    all.stream()
                            .filter(build -> build.unixMillis() >= oldest)
                            .sorted(latestFirst)
                            .limit(maxBuilds)
                            .toList();
            List<Build> builds = kept.isEmpty() ? List.of(later.builds().getFirst()) : kept;
            Map<Build, Integer> numbers = new HashMap<>();
            for (int i = 0; i < builds.size(); i++) {
                numbers.put(builds.get(i), i);
            }
            Map<ActionId, Integer> latest = new LinkedHashMap<>();
            collect(later, numbers, latest);
            collect(earlier, numbers, latest);
            List<Use> uses = new ArrayList<>();
            for (Map.Entry<ActionId, Integer> use : latest.entrySet()) {
                if (uses.size() == maxActions) {
                    break;
                }
                uses.add(new Use(use.getKey(), use.getValue()));
            }
            return BuildProfile.of(later.idLength(), builds, uses);
        }

        private static Comparator<Build> latestFirst(long latestMillis) {
            return Comparator.comparingLong(
                            (Build build) ->
                                    build.unixMillis() > latestMillis ? 0 : build.unixMillis())
                    .thenComparingInt(Build::nonce)
                    .reversed();
        }

        private static void collect(
                BuildProfile profile, Map<Build, Integer> numbers, Map<ActionId, Integer> latest) {
            List<Build> builds = profile.builds();
            for (int i = 0; i < profile.size(); i++) {
                Integer number = numbers.get(builds.get(profile.build(i)));
                if (number != null) {
                    latest.merge(profile.action(i), number, Math::min);
                }
            }
        }
    }
}
