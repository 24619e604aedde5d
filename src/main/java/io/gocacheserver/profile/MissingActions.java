package io.gocacheserver.profile;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Finds the actions of a client that the cache lacks. The local tier is asked first, and the remote tier for the rest, a few
 * at a time, until the timeout. Actions that are unknown by then are not named: they cost a later build a miss, at worst.
 */
final class MissingActions implements AutoCloseable {

    /** Reads from the remote tier at once, for all requests. */
    private static final int AT_ONCE = 32;

    private final BuildCache cache;
    private final Duration timeout;
    private final ExecutorService executor =
            Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());

    MissingActions(BuildCache cache, Duration timeout) {
        this.cache = cache;
        this.timeout = timeout;
    }

    List<ActionId> of(Access access, UsedActions used) throws InterruptedException {
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
                executor.invokeAll(questions, timeout.toNanos(), TimeUnit.NANOSECONDS);
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
