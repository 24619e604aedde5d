package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.UploadQueue;
import io.gocacheserver.cache.UploadResult;
import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.s3.uploads.InFlightUploads.InFlight;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Takes the uploads that are pending in the local tier, oldest first and a few at a time, and hands them to the bounded
 * executor. Waiting uploads are in the local tier only, so memory is the same for one pending upload and for a million, and a
 * restart resumes where the last process ended.
 *
 * <p>Uploads of one action never run at the same time, so that an older one cannot overwrite a newer one's record. While
 * there is an {@link Outage}, at most one upload is under way, to find out whether S3 is back. A local tier that fails is
 * left alone for a few seconds.
 *
 * <p>Stages of an upload: pending → in flight (handed over) → running → settled ({@link UploadOutcomes}) → no longer in
 * flight.
 */
public final class UploadDispatcher implements UploadQueue {

    /** How many times the concurrency are in flight: as many wait in the executor as run there. */
    public static final int AHEAD = 2;

    private static final Logger log = LoggerFactory.getLogger(UploadDispatcher.class);
    private static final Duration UNTIL_WOKEN = Duration.ofMinutes(1);

    /** How often to look whether something that was put off is due. */
    private static final Duration POLL = Duration.ofSeconds(1);

    private final PendingUploads pending;
    private final Function<Upload, UploadResult> uploader;
    private final Executor executor;
    private final UploadPolicy policy;
    private final Outage outage;
    private final FailingUploads failing;
    private final UploadOutcomes outcomes;
    private final InstantSource clock;
    private final ListPause listPause;
    private final RateLimitedLog rateLimitedLog;
    private final WakeUpSignal wakeUp = new WakeUpSignal();
    private final LongAdder dropped = new LongAdder();
    private final InFlightUploads inFlight = new InFlightUploads();
    private volatile long resumed;
    private volatile boolean draining;
    private volatile boolean stopped;

    /**
     * @param uploader one attempt; does not throw
     * @param executor runs as many at once as the policy says, and lets as many wait
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    public UploadDispatcher(
            PendingUploads pending,
            Function<Upload, UploadResult> uploader,
            Executor executor,
            UploadPolicy policy,
            Outage outage,
            BackOff retries,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.pending = pending;
        this.uploader = uploader;
        this.executor = executor;
        this.policy = policy;
        this.outage = outage;
        this.failing = new FailingUploads();
        this.outcomes = new UploadOutcomes(policy, retries, outage, failing, clock, nanoTime);
        this.clock = clock;
        this.listPause = new ListPause(nanoTime);
        this.rateLimitedLog = new RateLimitedLog(log, nanoTime);
    }

    @Override
    public boolean admit(Entry entry) {
        long count = pending.backlog().count();
        if (count < policy.capacity()) {
            return true;
        }
        dropped.increment();
        rateLimitedLog.warn(
                "[s3] the upload of action %s is dropped: %d are pending, which is the limit"
                        .formatted(entry.key(), count));
        return false;
    }

    @Override
    public void wake() {
        inFlight.unsettle();
        wakeUp.give();
    }

    @Override
    public boolean awaitNotRunning(ActionKey action, Duration timeout) throws InterruptedException {
        return inFlight.awaitNone(entry -> entry.key().equals(action), timeout);
    }

    @Override
    public boolean awaitNotRunning(OutputId output, Duration timeout) throws InterruptedException {
        return inFlight.awaitNone(entry -> entry.output().equals(output), timeout);
    }

    @Override
    public Statistics statistics() {
        Backlog backlog = pending.backlog();
        int running = inFlight.running().get();
        return new Statistics(
                Math.max(0, backlog.count() - running),
                running,
                backlog.oldest() == null
                        ? Duration.ZERO
                        : Duration.between(backlog.oldest(), clock.instant()),
                dropped.sum(),
                resumed,
                outcomes.retried(),
                outcomes.exhausted(),
                outcomes.expired(),
                outcomes.lost(),
                outage.isOn(),
                outcomes.failure());
    }

    /** Notes and says what an earlier process has left. */
    void resume() {
        Backlog backlog = pending.backlog();
        resumed = backlog.count();
        if (resumed > 0) {
            log.info("resuming {} uploads, oldest from {}", resumed, backlog.oldest());
        }
    }

    /** Waits until {@link #dispatch} has something to do, but no longer than so long. */
    void awaitWork(Duration timeout) throws InterruptedException {
        wakeUp.await(timeout);
    }

    /**
     * Hands over what is due, as far as there is room.
     *
     * @return how long nothing more is to be done, unless woken
     */
    Duration dispatch() {
        try {
            List<InFlight> next = inFlight.start(this::choose);
            next.forEach(this::handOver);
        } catch (TierException | RuntimeException e) {
            listPause.begin(e);
        }
        return untilNext();
    }

    /**
     * Goes on until nothing is due, or S3 does not work.
     *
     * @return false if something is still under way when the time is over
     */
    boolean drain(Duration timeout) throws InterruptedException {
        draining = true;
        wake();
        return inFlight.awaitQuiet(timeout);
    }

    /** From now on nothing is handed over, and what fails stays pending. */
    void stop() {
        stopped = true;
        wakeUp.give();
    }

    boolean isStopped() {
        return stopped;
    }

    private List<InFlight> choose(Map<ActionKey, InFlight> underWay) throws TierException {
        boolean probe = outage.isOn();
        if (stopped || listPause.left().isPositive() || (probe && draining)) {
            return List.of();
        }
        if (outage.pause().isPositive()) {
            outcomes.expireOld(pending, underWay.keySet());
            return List.of();
        }
        int room = (probe ? 1 : AHEAD * policy.concurrency()) - underWay.size();
        if (room <= 0) {
            return List.of();
        }
        List<Upload> due = pending.due(clock.instant(), room + underWay.size() + failing.size());
        return failing.last(due).stream()
                .filter(upload -> !underWay.containsKey(upload.entry().key()))
                .limit(room)
                .map(upload -> new InFlight(upload, probe))
                .toList();
    }

    private void handOver(InFlight flight) {
        try {
            executor.execute(() -> run(flight));
        } catch (RejectedExecutionException e) {
            inFlight.end(flight); // the executor is shut down; it stays pending
        }
    }

    private void run(InFlight flight) {
        inFlight.running().incrementAndGet();
        try {
            if (stopped || (outage.isOn() && !flight.probe())) {
                return;
            }
            UploadResult result = uploader.apply(flight.upload());
            if (stopped && !(result instanceof UploadResult.Done)) {
                return; // most likely interrupted
            }
            outcomes.settle(pending, flight.upload(), flight.probe(), result);
        } catch (TierException | RuntimeException e) {
            listPause.begin(e);
        } finally {
            inFlight.running().decrementAndGet();
            inFlight.end(flight);
            wakeUp.give();
        }
    }

    private Duration untilNext() {
        Duration left = listPause.left();
        Duration pause = outage.pause();
        if (left.isPositive() || pause.isPositive()) {
            return left.compareTo(pause) > 0 ? left : pause;
        }
        return isBacklogWaiting() ? POLL : UNTIL_WOKEN;
    }

    private boolean isBacklogWaiting() {
        try {
            return pending.backlog().count() > inFlight.size();
        } catch (RuntimeException e) {
            return true;
        }
    }
}
