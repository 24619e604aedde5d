package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.BackOff;
import io.gocacheserver.cache.Outage;
import io.gocacheserver.cache.Uploader.UploadResult;
import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Decides what follows an attempt to upload, and has the local tier note it:
 *
 * <pre>
 * done                                              forgotten
 * object gone or damaged                            given up
 * failed, and too old                               given up
 * failed in an outage                               stays due, behind the others
 * failed otherwise                                  put off; given up after so many times
 * </pre>
 */
final class UploadOutcomes {

    private static final Logger log = LoggerFactory.getLogger(UploadOutcomes.class);
    private static final int EXPIRED_AT_ONCE = 100;

    private final PendingUploads uploads;
    private final UploadDispatcher.Policy policy;
    private final BackOff retries;
    private final Outage outage;
    private final InstantSource clock;
    private final RateLimitedLog failures;
    private final RateLimitedLog givenUp;
    final LongAdder retried = new LongAdder();
    final LongAdder exhausted = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder lost = new LongAdder();
    private final AtomicInteger failedInARow = new AtomicInteger();
    private volatile String lastFailure = "";

    UploadOutcomes(
            PendingUploads uploads,
            UploadDispatcher.Policy policy,
            BackOff retries,
            Outage outage,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.uploads = uploads;
        this.policy = policy;
        this.retries = retries;
        this.outage = outage;
        this.clock = clock;
        this.failures = new RateLimitedLog(log, nanoTime);
        this.givenUp = new RateLimitedLog(log, nanoTime);
    }

    void settle(Upload upload, boolean probe, UploadResult result) throws TierException {
        switch (result) {
            case UploadResult.Done done -> {
                failedInARow.set(0);
                answered(true);
                uploads.remove(upload);
            }
            case UploadResult.Lost(String reason) -> giveUp(upload, lost, reason);
            case UploadResult.Failed failed -> {
                boolean counts = isCounted(failed, probe);
                String message = String.valueOf(failed.cause().getMessage());
                if (failed.cause() instanceof TierException.Remote) {
                    lastFailure = message;
                    failedInARow.incrementAndGet();
                }
                int attempts = upload.attempts() + 1;
                if (isTooOld(upload.since())) {
                    giveUp(upload, expired, "it is too old; " + message);
                } else if (!counts) {
                    putOff(upload, upload.attempts(), Duration.ZERO, message);
                } else if (attempts >= policy.maxAttempts()) {
                    giveUp(upload, exhausted, "failed %d times; %s".formatted(attempts, message));
                } else {
                    putOff(upload, attempts, retries.aroundHalf(attempts), message);
                }
            }
        }
    }

    /**
     * Gives up some of what is too old, to be called in an outage: else what is pending would grow as long as that lasts.
     */
    void expireOld(Set<ActionKey> inFlight) throws TierException {
        Instant oldest = uploads.backlog().oldest();
        if (oldest == null || !isTooOld(oldest)) {
            return;
        }
        for (Upload upload : uploads.due(clock.instant(), EXPIRED_AT_ONCE + inFlight.size())) {
            if (isTooOld(upload.since()) && !inFlight.contains(upload.entry().key())) {
                giveUp(upload, expired, "it is too old, and S3 does not work");
            }
        }
    }

    @Nullable String failure() {
        return failedInARow.get() < Outage.THRESHOLD ? null : lastFailure;
    }

    private boolean isCounted(UploadResult.Failed failed, boolean probe) {
        if (!failed.isOutage()) {
            if (failed.cause() instanceof TierException.Remote) {
                answered(false);
            }
            return true;
        }
        boolean before = outage.isOn();
        boolean counts = outage.failed(probe);
        if (!before && outage.isOn()) {
            log.warn("[s3] uploads pause: {}", failed.cause().getMessage());
        }
        return counts;
    }

    private void answered(boolean success) {
        if (outage.answered(success)) {
            log.info("[s3] uploads resume");
        }
    }

    /** What was put off comes after what never was, so each probe in an outage tries another one: none can block the queue. */
    private void putOff(Upload upload, int attempts, Duration wait, String message)
            throws TierException {
        retried.increment();
        failures.warn(
                "upload of action %s failed, to be tried again: %s"
                        .formatted(upload.entry().key(), message));
        uploads.postpone(upload, attempts, clock.instant().plus(wait));
    }

    private void giveUp(Upload upload, LongAdder count, String reason) throws TierException {
        uploads.remove(upload);
        count.increment();
        givenUp.warn("upload of action %s given up: %s".formatted(upload.entry().key(), reason));
    }

    private boolean isTooOld(Instant since) {
        return since.isBefore(clock.instant().minus(policy.maxAge()));
    }
}
