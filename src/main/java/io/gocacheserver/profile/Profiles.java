package io.gocacheserver.profile;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.profile.ProfileKeys.ProfileKey;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.BuildProfile.Build;
import io.gocacheserver.wire.BuildProfile.Use;
import io.gocacheserver.wire.UsedActions;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Build profiles, as their HTTP resource sees them. */
public final class Profiles implements AutoCloseable {

    public static final int MAX_ACTIONS = 32_768;

    /** Actions in what all modules have in common: the standard library comes first, and what is one module's last. */
    private static final int MAX_COMMON_ACTIONS = 2_000;

    /** Reads from the remote tier at once, for all clients at the end of their builds, which wait for so long. */
    private static final int READS_AT_ONCE = 32;

    private static final Duration MISSING_TIMEOUT = Duration.ofSeconds(2);

    private final BuildCache cache;
    private final LocalProfiles local;
    private final SharedProfiles shared;
    private final ProfileStatistics statistics;
    private final InstantSource clock = InstantSource.system();
    private final ExecutorService executor =
            Executors.newFixedThreadPool(READS_AT_ONCE, Thread.ofVirtual().factory());

    /**
     * A profile.
     *
     * @param key its key, for people
     * @param common whether builds of any module have made it
     * @param actions what the client is to get, in the order of use
     */
    public record Found(String key, boolean common, ActionList actions) {}

    Profiles(
            BuildCache cache,
            LocalProfiles local,
            SharedProfiles shared,
            ProfileStatistics statistics) {
        this.cache = cache;
        this.local = local;
        this.shared = shared;
        this.statistics = statistics;
    }

    /** Most memory of {@link #find}: the replica's own profile, that of the remote tier, and what is picked from one. */
    public long readBytes() {
        return 3L * local.maxBytes();
    }

    /**
     * What a build is likely to use, by the profile of the closest earlier build ({@link ProfileKeys}), in whichever of the
     * readable namespaces has it first.
     *
     * @param has whether the client has an action already
     * @throws TierException if none was found, and a tier failed that may have had one
     */
    public Optional<Found> find(Access access, BuildFacts build, Predicate<ActionId> has)
            throws TierException {
        TierException failure = null;
        ProfileKeys keys = ProfileKeys.of(build);
        for (ProfileKey key : keys.read()) {
            boolean common = key.equals(keys.anyModule());
            for (Namespace namespace : access.reads()) {
                try {
                    String name = key.name(namespace);
                    Optional<BuildProfile> profile = shared.read(name);
                    if (profile.isPresent()) {
                        statistics.found().increment();
                        int most = common ? MAX_COMMON_ACTIONS : MAX_ACTIONS;
                        ActionList actions = profile.get().actions(most, has.negate());
                        return Optional.of(new Found(key.text(), common, actions));
                    }
                } catch (TierException e) {
                    failure = e;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        statistics.absent().increment();
        return Optional.empty();
    }

    /**
     * Notes a build under each of its keys, in the namespace that is written. On this replica it is done on return; the remote tier follows.
     *
     * @throws TierException if it cannot be noted
     */
    public void note(Access access, BuildFacts facts, UsedActions used) throws TierException {
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
        // a random number tells builds apart that end at the same time
        Build build = new Build(clock.millis(), ThreadLocalRandom.current().nextInt());
        ProfileKeys keys = ProfileKeys.of(facts);
        for (ProfileKey key : keys.write()) {
            String name = key.name(namespace);
            int most = key.equals(keys.anyModule()) ? MAX_COMMON_ACTIONS : MAX_ACTIONS;
            List<Use> first = uses.subList(0, Math.min(most, uses.size()));
            local.merge(name, BuildProfile.of(used.idLength(), List.of(build), first));
            statistics.written().increment();
            shared.push(name);
        }
    }

    /**
     * Those of the actions that the client has and this cache, as far as is known, does not. The local tier is asked first, and the
     * remote tier for the rest, a few at a time, until the timeout. Actions that are unknown by then cost a later build a miss, at
     * worst.
     */
    public List<ActionId> missing(Access access, UsedActions used) throws InterruptedException {
        List<ActionId> missing = new ArrayList<>();
        List<ActionId> unknown = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            if (used.outcome(i) == UsedActions.LOCAL || used.outcome(i) == UsedActions.PUT) {
                ActionId action = used.action(i);
                try {
                    Optional<Boolean> has = cache.hasAtOnce(access, action);
                    if (!has.orElse(false)) {
                        (has.isEmpty() ? unknown : missing).add(action);
                    }
                } catch (TierException e) {
                    // not known, so not named
                }
            }
        }
        List<Callable<Boolean>> questions =
                unknown.stream()
                        .<Callable<Boolean>>map(action -> () -> cache.has(access, action))
                        .toList();
        List<Future<Boolean>> answers =
                executor.invokeAll(questions, MISSING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        for (int i = 0; i < answers.size(); i++) {
            Future<Boolean> answer = answers.get(i);
            if (answer.state() == Future.State.SUCCESS && !answer.resultNow()) {
                missing.add(unknown.get(i));
            }
        }
        return missing;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
