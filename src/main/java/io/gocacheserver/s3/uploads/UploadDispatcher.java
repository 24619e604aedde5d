package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.BackOff;
import io.gocacheserver.cache.Outage;
import io.gocacheserver.cache.UploadQueue;
import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Takes the uploads that are pending in the local tier, oldest first and a few at a time, and hands them to an executor.
 * Waiting uploads are in the local tier only, so memory is the same for one pending upload and for a million, and a restart
 * resumes where the last process ended.
 *
 * <p>Uploads of one action never run at the same time, so that an older one cannot overwrite a newer one's record. While
 * there is an {@link Outage}, at most one upload is under way, to find out whether S3 is back. A local tier that fails is
 * left alone for a few seconds.
 *
 * <p>Stages of an upload: pending → in flight (handed over) → running → settled ({@link UploadOutcomes}) → no longer in
 * flight. One lock covers the choice of what is in flight next and the look for it: if a pending upload has been removed and
 * is then not in flight, it never will be.
 */
public final class UploadDispatcher implements UploadQueue {

    /** Uploads that are handed over ahead of time, for each that runs. */
    public static final int AHEAD = 2;

    private static final Logger log = LoggerFactory.getLogger(UploadDispatcher.class);
    private static final Duration UNTIL_WOKEN = Duration.ofMinutes(1);
    private static final Duration LOCAL_PAUSE = Duration.ofSeconds(5);

    /** How often to look whether something that was put off is due. */
    private static final Duration POLL = Duration.ofSeconds(1);

    private final PendingUploads pending;
    private final Function<Upload, UploadResult> uploader;
    private final Executor executor;
    private final Policy policy;
    private final Outage outage;
    private final UploadOutcomes outcomes;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RateLimitedLog dropLog;
    private final RateLimitedLog localFailures;
    private final Semaphore wakeUps = new Semaphore(0);
    private final LongAdder dropped = new LongAdder();
    private final AtomicInteger running = new AtomicInteger();
    private final Map<ActionKey, InFlight> inFlight = new HashMap<>(); // under the lock of this
    private volatile boolean nothingToStart;
    private volatile long localPausedUntil;
    private volatile long resumed;
    private volatile boolean draining;
    private volatile boolean stopped;

    /**
     * The limits of the queue.
     *
     * @param maxAttempts failures, outages left out, after which an upload is given up
     */
    public record Policy(int concurrency, long capacity, int maxAttempts, Duration maxAge) {}

    /**
     * @param probe whether it is to find out if S3 works again
     */
    private record InFlight(Upload upload, boolean probe) {}

    public UploadDispatcher(
            PendingUploads pending,
            Function<Upload, UploadResult> uploader,
            Executor executor,
            Policy policy,
            Outage outage,
            BackOff retries,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.pending = pending;
        this.uploader = uploader;
        this.executor = executor;
        this.policy = policy;
        this.outage = outage;
        this.outcomes = new UploadOutcomes(pending, policy, retries, outage, clock, nanoTime);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.dropLog = new RateLimitedLog(log, nanoTime);
        this.localFailures = new RateLimitedLog(log, nanoTime);
        this.localPausedUntil = nanoTime.getAsLong();
    }

    @Override
    public boolean admit(Entry entry) {
        long count = pending.backlog().count();
        if (count < policy.capacity()) {
            return true;
        }
        dropped.increment();
        dropLog.warn(
                "[s3] the upload of action %s is dropped: %d are pending, which is the limit"
                        .formatted(entry.key(), count));
        return false;
    }

    @Override
    public void wake() {
        nothingToStart = false;
        signal();
    }

    @Override
    public boolean awaitNotRunning(ActionKey action, Duration timeout) throws InterruptedException {
        return awaitNone(entry -> entry.key().equals(action), timeout);
    }

    @Override
    public boolean awaitNotRunning(OutputId output, Duration timeout) throws InterruptedException {
        return awaitNone(entry -> entry.output().equals(output), timeout);
    }

    @Override
    public Statistics statistics() {
        Backlog backlog = pending.backlog();
        int now = running.get();
        return new Statistics(
                Math.max(0, backlog.count() - now),
                now,
                backlog.oldest() == null
                        ? Duration.ZERO
                        : Duration.between(backlog.oldest(), clock.instant()),
                dropped.sum(),
                resumed,
                outcomes.retried.sum(),
                outcomes.exhausted.sum(),
                outcomes.expired.sum(),
                outcomes.lost.sum(),
                outage.isOn(),
                outcomes.failure());
    }

    void resume() {
        Backlog backlog = pending.backlog();
        resumed = backlog.count();
        if (resumed > 0) {
            log.info("resuming {} uploads, oldest from {}", resumed, backlog.oldest());
        }
    }

    void awaitWork(Duration timeout) throws InterruptedException {
        if (wakeUps.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            wakeUps.drainPermits();
        }
    }

    /**
     * Hands over what is due, as far as there is room.
     *
     * @return how long nothing more is to be done, unless woken
     */
    Duration dispatch() {
        try {
            start().forEach(this::handOver);
        } catch (TierException | RuntimeException e) {
            pauseForLocalTier(e);
        }
        Duration pause = outage.pause();
        Duration local = localPause();
        if (local.isPositive() || pause.isPositive()) {
            return local.compareTo(pause) > 0 ? local : pause;
        }
        return pending.backlog().count() > inFlightCount() ? POLL : UNTIL_WOKEN;
    }

    /** Goes on until nothing is due, or S3 does not work. */
    boolean drain(Duration timeout) throws InterruptedException {
        draining = true;
        wake();
        return await(() -> nothingToStart && inFlight.isEmpty(), timeout);
    }

    /** From now on nothing is handed over, and what fails stays pending. */
    void stop() {
        stopped = true;
        signal();
    }

    boolean isStopped() {
        return stopped;
    }

    private synchronized List<InFlight> start() throws TierException {
        nothingToStart = true; // unless woken meanwhile
        try {
            List<InFlight> chosen = choose();
            chosen.forEach(each -> inFlight.put(each.upload().entry().key(), each));
            if (!chosen.isEmpty()) {
                nothingToStart = false;
            }
            return chosen;
        } finally {
            notifyAll();
        }
    }

    private List<InFlight> choose() throws TierException {
        boolean probe = outage.isOn();
        if (stopped || localPause().isPositive() || (probe && draining)) {
            return List.of();
        }
        if (outage.pause().isPositive()) {
            outcomes.expireOld(inFlight.keySet());
            return List.of();
        }
        int room = (probe ? 1 : AHEAD * policy.concurrency()) - inFlight.size();
        if (room <= 0) {
            return List.of();
        }
        return pending.due(clock.instant(), room + inFlight.size()).stream()
                .filter(upload -> !inFlight.containsKey(upload.entry().key()))
                .limit(room)
                .map(upload -> new InFlight(upload, probe))
                .toList();
    }

    private void handOver(InFlight flight) {
        try {
            executor.execute(() -> run(flight));
        } catch (RejectedExecutionException e) {
            end(flight); // the executor is shut down; it stays pending
        }
    }

    private void run(InFlight flight) {
        running.incrementAndGet();
        try {
            if (stopped || (outage.isOn() && !flight.probe())) {
                return;
            }
            UploadResult result = uploader.apply(flight.upload());
            if (stopped && !(result instanceof UploadResult.Done)) {
                return; // most likely interrupted
            }
            outcomes.settle(flight.upload(), flight.probe(), result);
        } catch (TierException | RuntimeException e) {
            pauseForLocalTier(e);
        } finally {
            running.decrementAndGet();
            end(flight);
            signal();
        }
    }

    private synchronized void end(InFlight flight) {
        inFlight.remove(flight.upload().entry().key());
        nothingToStart = false;
        notifyAll();
    }

    private void pauseForLocalTier(Exception cause) {
        localPausedUntil = nanoTime.getAsLong() + LOCAL_PAUSE.toNanos();
        localFailures.warn(
                "the list of pending uploads failed, uploads pause: " + cause.getMessage());
        log.debug("the list of pending uploads failed", cause);
    }

    private Duration localPause() {
        return Duration.ofNanos(Math.max(0, localPausedUntil - nanoTime.getAsLong()));
    }

    private void signal() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    private synchronized int inFlightCount() {
        return inFlight.size();
    }

    private boolean awaitNone(Predicate<Entry> which, Duration timeout)
            throws InterruptedException {
        return await(
                () ->
                        inFlight.values().stream()
                                .noneMatch(flight -> which.test(flight.upload().entry())),
                timeout);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration timeout)
            throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            long nanos = end - System.nanoTime();
            if (nanos <= 0) {
                return false;
            }
            wait(1 + Duration.ofNanos(nanos).toMillis());
        }
        return true;
    }
}
