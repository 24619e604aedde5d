package io.gocacheserver.cache;

import static io.gocacheserver.cache.CacheCounter.PUT_S3_ACTION;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_ERROR;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_FOUND;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_OBJECT;

import io.gocacheserver.model.OutputId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Sends one object and its action record to the remote tier. The object goes first, so that a reader never finds an
 * action without its object. One timeout covers both, and does not depend on the request that caused the upload.
 */
public final class Uploader {

    private static final Logger log = LoggerFactory.getLogger(Uploader.class);

    private final LocalTier local;
    private final RemoteTier remote;
    private final CacheCounters counters;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final RateLimitedLog floods;

    /**
     * @param timeout for one upload, object and action together
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    public Uploader(
            LocalTier local,
            RemoteTier remote,
            CacheCounters counters,
            Duration timeout,
            LongSupplier nanoTime) {
        this.local = local;
        this.remote = remote;
        this.counters = counters;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
        this.floods = new RateLimitedLog(log, nanoTime);
    }

    /** Uploads. A failure is counted and logged here, and nowhere else. */
    public void upload(Upload upload) {
        long deadline = nanoTime.getAsLong() + timeout.toNanos();
        try {
            // Stage 1: the object, unless it is there already.
            RemoteTier.Offer offer =
                    remote.putObject(
                            upload.entry().output(),
                            localObject(upload.entry().output()),
                            remaining(deadline, upload));
            counters.increment(
                    switch (offer) {
                        case FOUND -> PUT_S3_FOUND;
                        case SENT -> PUT_S3_OBJECT;
                    });
            // Stage 2: the action record.
            remote.putAction(upload.entry(), remaining(deadline, upload));
            counters.increment(PUT_S3_ACTION);
        } catch (TierException | RuntimeException e) {
            counters.increment(PUT_S3_ERROR);
            floods.warn(
                    "upload of action %s failed: %s"
                            .formatted(upload.entry().action(), e.getMessage()));
            log.debug("upload failed", e);
        }
    }

    private Content localObject(OutputId output) throws TierException {
        return local.find(output)
                .orElseThrow(
                        () ->
                                new TierException.LocalRead(
                                        "object %s is gone before it was uploaded"
                                                .formatted(output),
                                        null));
    }

    private Duration remaining(long deadline, Upload upload) throws TierException {
        long nanos = deadline - nanoTime.getAsLong();
        if (nanos <= 0) {
            throw new TierException.Remote(
                    "upload of action %s took longer than %s"
                            .formatted(upload.entry().action(), timeout),
                    null);
        }
        return Duration.ofNanos(nanos);
    }
}
