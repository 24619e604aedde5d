package io.gocacheserver.web.bulk;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.ReadAhead;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.web.AccessResolver;
import io.gocacheserver.web.BulkStatistics;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.web.RequestMemory;
import io.gocacheserver.web.Shares;
import io.gocacheserver.web.Traffic;
import io.gocacheserver.web.content.SmallFrames;
import io.gocacheserver.web.content.UnreadableContentException;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Running bulk reads, each in a virtual thread: a slow client holds that thread and a buffer. At shutdown, running reads mark
 * the rest as not sent and end, and new ones are refused.
 */
public final class BulkReads implements SmartLifecycle, AutoCloseable {

    /** Stopped after the delay in which all is served, and before the server waits for the requests that run. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

    /** Reads from S3 at once for one bulk read, and for all of them. */
    private static final int FAULTS = 16;

    private static final int MAX_FAULTS = 64;

    /** For one bulk read, which is cut off then. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(BulkReads.class);

    private final BuildCache cache;
    private final int maxRequests;
    private final BulkStatistics statistics;
    private final SmallFrames frames = new SmallFrames();
    private final BulkAnswer.Shared shared;
    private final ReadAhead.Faults faults;
    private final Shares places;
    private volatile boolean running;

    BulkReads(BuildCache cache, int maxRequests, Traffic traffic, BulkStatistics statistics) {
        this.cache = cache;
        this.maxRequests = maxRequests;
        this.statistics = statistics;
        this.faults = new ReadAhead.Faults(FAULTS, new Semaphore(MAX_FAULTS));
        this.places = new Shares(maxRequests);
        this.shared =
                new BulkAnswer.Shared(
                        traffic,
                        statistics,
                        frames,
                        new RateLimitedLog(log, System::nanoTime),
                        () -> !running);
    }

    /** A place among the reads that run, of which each client has a share. */
    RequestMemory.Reservation begin(HttpServletRequest request) {
        if (!running) {
            throw new ProblemException(ProblemType.BUSY, "the service is about to end");
        }
        Shares.Share place = places.take(AccessResolver.clientOf(request), 1, Duration.ZERO);
        if (place == null) {
            statistics.reject();
            throw new ProblemException(
                    ProblemType.BUSY,
                    "too many bulk reads at the same time (cache-server.bulk.max-requests is %d)"
                            .formatted(maxRequests));
        }
        statistics.begin();
        return new Place(place);
    }

    /** Answers in the background, and runs something at the end. */
    void answer(
            AsyncContext request,
            Access access,
            ActionList actions,
            BulkAnswer.Terms terms,
            Runnable end) {
        Thread.ofVirtual()
                .name("bulk-read")
                .start(
                        () -> {
                            try {
                                send(request, access, actions, terms);
                            } finally {
                                end.run();
                                complete(request);
                            }
                        });
    }

    private static void complete(AsyncContext request) {
        try {
            request.complete();
        } catch (IllegalStateException e) {
            // The client hung up, and the container has ended the request by itself.
            log.debug("bulk read over already", e);
        }
    }

    private void send(
            AsyncContext request, Access access, ActionList actions, BulkAnswer.Terms terms) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try (ReadAhead lookups =
                new ReadAhead(cache, access, actions::get, actions.size(), faults)) {
            FrameBuffer out =
                    new FrameBuffer(
                            request.getResponse().getOutputStream(), System::nanoTime, deadline);
            new BulkAnswer(actions, lookups, terms, out, shared).send();
        } catch (IOException e) {
            statistics.cutOff();
            if (e.getCause() instanceof UnreadableContentException) {
                shared.rateLimitedLog().warn("bulk read ended early: " + e.getMessage());
            } else {
                log.debug("bulk read ended early: {}", e.toString());
            }
        } catch (InterruptedException e) {
            statistics.cutOff();
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            statistics.cutOff();
            log.error("bulk read failed", e);
        }
    }

    private final class Place implements RequestMemory.Reservation {

        private final Shares.Share share;

        private Place(Shares.Share share) {
            this.share = share;
        }

        @Override
        public void shrinkTo(long bytes) {
            share.shrinkTo(bytes);
        }

        @Override
        public void close() {
            statistics.end();
            share.close();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void close() {
        frames.close();
    }
}
