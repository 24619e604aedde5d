package io.gocacheserver.profile;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.BuildProfile.Build;
import io.gocacheserver.wire.BuildProfile.Use;
import io.gocacheserver.wire.UsedActions;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Build profiles, as their HTTP resource sees them. */
public final class Profiles {

    /** Actions in one profile. */
    public static final int MAX_ACTIONS = 32_768;

    private final LocalProfiles local;
    private final @Nullable SharedProfiles shared;
    private final MissingActions missing;
    private final ProfileStatistics statistics;
    private final InstantSource clock;
    private final IntSupplier nonces;

    /**
     * A profile that was found.
     *
     * @param key which one of those asked for it is of, counted from 0
     */
    public record Found(int key, BuildProfile profile) {}

    /**
     * @param shared null without a remote tier
     * @param nonces random numbers, which tell builds apart that end at the same time
     */
    Profiles(
            LocalProfiles local,
            @Nullable SharedProfiles shared,
            MissingActions missing,
            ProfileStatistics statistics,
            InstantSource clock,
            IntSupplier nonces) {
        this.local = local;
        this.shared = shared;
        this.missing = missing;
        this.statistics = statistics;
        this.clock = clock;
        this.nonces = nonces;
    }

    /** Most memory of a read: the replica's own profile, and that of the remote tier. */
    public long readBytes() {
        return 2L * local.maxBytes();
    }

    /**
     * The profile of the first key that has one, in whichever of the readable namespaces has it first.
     *
     * @throws TierException if none was found, and a tier failed that may have had one
     */
    public Optional<Found> read(Access access, List<ProfileKey> keys) throws TierException {
        TierException failure = null;
        for (int i = 0; i < keys.size(); i++) {
            for (Namespace namespace : access.reads()) {
                try {
                    String name = keys.get(i).name(namespace);
                    Optional<BuildProfile> profile =
                            shared == null ? local.read(name) : shared.read(name);
                    if (profile.isPresent()) {
                        statistics.read(true);
                        return Optional.of(new Found(i, profile.get()));
                    }
                } catch (TierException e) {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        statistics.read(false);
        return Optional.empty();
    }

    /**
     * Notes a build under each of the keys, in the namespace that is written. On this replica it is done on return; the remote tier follows.
     *
     * @throws TierException if it cannot be noted
     */
    public void write(Access access, List<ProfileKey> keys, UsedActions used) throws TierException {
        Namespace namespace = access.requireWrites();
        List<Use> uses = new ArrayList<>(used.size());
        for (int i = 0; i < used.size(); i++) {
            if (used.outcome(i) != UsedActions.MISS) {
                uses.add(new Use(used.action(i), 0));
            }
        }
        if (uses.isEmpty()) {
            return;
        }
        Build build = new Build(clock.millis(), nonces.getAsInt());
        BuildProfile profile = BuildProfile.of(used.idLength(), List.of(build), uses);
        for (ProfileKey key : keys) {
            String name = key.name(namespace);
            local.merge(name, profile);
            statistics.noted();
            if (shared != null) {
                shared.push(name);
            }
        }
    }

    /** Those of the actions that the client has and this cache, as far as is known, does not. */
    public List<ActionId> missing(Access access, UsedActions used) throws InterruptedException {
        return missing.of(access, used);
    }
}
