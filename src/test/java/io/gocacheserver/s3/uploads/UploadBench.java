package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.BackOff;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.Outage;
import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * A dispatcher with nothing real around it: time stands until it is moved, uploads run when they are told, and S3 answers
 * as the test wants. Nothing is random: every wait is the longest one.
 */
final class UploadBench {

    static final int CONCURRENCY = 2;
    static final UploadDispatcher.Policy POLICY =
            new UploadDispatcher.Policy(CONCURRENCY, 1_000_000, 3, Duration.ofDays(7));

    final InMemoryLocalTier local = new InMemoryLocalTier();
    final Queue<Runnable> handedOver = new ArrayDeque<>();
    final List<ActionId> attempted = new ArrayList<>();
    final List<ActionId> arrived = new ArrayList<>();
    final Set<ActionId> poisoned = new HashSet<>();
    final Outage outage;
    final UploadDispatcher dispatcher;
    Instant now = Instant.parse("2026-11-23T10:00:00Z");
    @Nullable Kind failure;
    Kind poison = Kind.REFUSED;
    @Nullable UploadResult result;
    private long nanos = Long.MAX_VALUE - 1000;
    private int names;

    UploadBench() {
        this(POLICY);
    }

    UploadBench(UploadDispatcher.Policy policy) {
        local.uploads().now = now;
        BackOff pauses = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30), () -> 1);
        BackOff retries = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(5), () -> 1);
        outage = new Outage(pauses, () -> nanos);
        dispatcher =
                new UploadDispatcher(
                        local.uploads(),
                        this::answer,
                        handedOver::add,
                        policy,
                        outage,
                        retries,
                        () -> now,
                        () -> nanos);
    }

    ActionId put() {
        int number = ++names;
        ActionId action = new ActionId("%08x".formatted(number));
        put(action);
        return action;
    }

    void put(ActionId action) {
        local.uploads().add(new Entry(action, new OutputId("abcd"), 1, now));
    }

    void put(int count) {
        for (int i = 0; i < count; i++) {
            put();
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
        local.uploads().now = now;
    }

    /** One thing that was handed over. */
    void runOne() {
        handedOver.remove().run();
    }

    /** Dispatches and runs until there is nothing to do at this moment. */
    Duration settle() {
        Duration wait = dispatcher.dispatch();
        while (!handedOver.isEmpty()) {
            while (!handedOver.isEmpty()) {
                runOne();
            }
            wait = dispatcher.dispatch();
        }
        return wait;
    }

    /** The same over a time, as the loop would do it. */
    void run(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            Duration wait = settle();
            pass(wait.isZero() ? Duration.ofMillis(1) : wait);
        }
        settle();
    }

    long pending() {
        return local.uploads().backlog().count();
    }

    private UploadResult answer(Upload upload) {
        ActionId action = upload.entry().action();
        attempted.add(action);
        if (result != null) {
            return result;
        }
        Kind kind = failure != null ? failure : poisoned.contains(action) ? poison : null;
        if (kind != null) {
            return new UploadResult.Failed(new TierException.Remote(kind, "no " + action, null));
        }
        arrived.add(action);
        return new UploadResult.Done();
    }
}
