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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds the actions of a client that the cache lacks. The local tier is asked first, and the remote tier for the rest, a few
 * at a time, until the timeout. Actions that are unknown by then are not named: they cost a later build a miss, at worst.
 */
final class MissingActions implements AutoCloseable {

    /** Reads from the remote tier at once, for all requests. */
    private static final int AT_ONCE = 32;

    private final BuildCache cache;
    private final Duration timeout;
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /** An action about which the remote tier is being asked. */
    private record Question(ActionId action, Future<Boolean> has) {}

    MissingActions(BuildCache cache, Duration timeout) {
        this.cache = cache;
        this.timeout = timeout;
    }

    List<ActionId> of(Access access, UsedActions used) throws InterruptedException {
        List<ActionId> missing = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int i = 0; i < used.size(); i++) {
            if (isWithClient(used.outcome(i))) {
                ask(access, used.action(i), deadline, missing, questions);
            }
        }
        for (Question question : questions) {
            if (!has(question, deadline)) {
                missing.add(question.action());
            }
        }
        return missing;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private void ask(
            Access access,
            ActionId action,
            long deadline,
            List<ActionId> missing,
            List<Question> questions) {
        try {
            Optional<Boolean> has = cache.hasAtOnce(access, action);
            if (has.isEmpty()) {
                questions.add(
                        new Question(
                                action,
                                executor.submit(() -> askRemote(access, action, deadline))));
            } else if (!has.get()) {
                missing.add(action);
            }
        } catch (TierException e) {
            // not known, so not named
        }
    }

    private boolean askRemote(Access access, ActionId action, long deadline)
            throws TierException, InterruptedException {
        if (!permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return true;
        }
        try {
            return cache.has(access, action);
        } finally {
            permits.release();
        }
    }

    private static boolean has(Question question, long deadline) throws InterruptedException {
        try {
            long left = Math.max(0, deadline - System.nanoTime());
            return question.has().get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return true;
        }
    }

    private static boolean isWithClient(int outcome) {
        return outcome == UsedActions.LOCAL || outcome == UsedActions.PUT;
    }
}
