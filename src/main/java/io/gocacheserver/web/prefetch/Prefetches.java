package io.gocacheserver.web.prefetch;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.ReadAhead;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.web.AccessResolver;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.web.Shares;
import io.gocacheserver.web.Traffic;
import io.gocacheserver.web.content.ContentReader.UnreadableContentException;
import io.gocacheserver.web.content.SmallFrames;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.PrefetchFrame;
import io.gocacheserver.wire.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Min;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.validation.annotation.Validated;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The answers to starts of builds: how many at once, and what they share. At shutdown, those that run mark the rest as not
 * sent and end, and new ones are refused.
 */
@Component
public final class Prefetches implements SmartLifecycle {

    /** Stopped after the delay in which all is served, and before the server waits for the requests that run. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

    private static final int FAULTS = 16;

    private static final int MAX_FAULTS = 64;

    private static final Logger log = LoggerFactory.getLogger(Prefetches.class);

    /**
     * Starts of builds.
     *
     * @param maxRequests Starts of builds that are answered at once; further ones are answered with 503.
     */
    @Validated
    @ConfigurationProperties(value = "cache-server.prefetch", ignoreUnknownFields = false)
    public record PrefetchProperties(@Min(1) @DefaultValue("256") int maxRequests) {}

    private final BuildCache cache;
    private final int maxRequests;
    private final Meters meters;
    private final PrefetchAnswer.Shared shared;
    private final ReadAhead.Faults faults;
    private final Shares places;
    private volatile boolean running;

    Prefetches(
            BuildCache cache,
            PrefetchProperties properties,
            Traffic traffic,
            SmallFrames frames,
            MeterRegistry registry) {
        this.cache = cache;
        this.maxRequests = properties.maxRequests();
        this.meters = new Meters(registry);
        this.faults = new ReadAhead.Faults(FAULTS, new Semaphore(MAX_FAULTS));
        this.places = new Shares(maxRequests);
        this.shared =
                new PrefetchAnswer.Shared(
                        traffic,
                        meters,
                        frames,
                        new RateLimitedLog(log, System::nanoTime),
                        () -> !running);
        Gauge.builder("gocache.prefetch.running", places, all -> maxRequests - all.free())
                .description("Starts of builds that are being answered")
                .register(registry);
    }

    /** A place among the answers that run, of which each client has a share. */
    Shares.Share begin(HttpServletRequest request) {
        if (!running) {
            throw new ProblemException(ProblemType.BUSY, "the service is about to end");
        }
        Shares.Share place = places.take(AccessResolver.clientOf(request), 1, Duration.ZERO);
        if (place == null) {
            meters.rejected();
            throw new ProblemException(
                    ProblemType.BUSY,
                    "too many builds begin at the same time (cache-server.prefetch.max-requests is %d)"
                            .formatted(maxRequests));
        }
        return place;
    }

    /** Sends the objects of these actions. An answer that breaks off has no end. */
    void answer(OutputStream out, Access access, ActionList actions, PrefetchAnswer.Terms terms) {
        boolean complete = false;
        try (ReadAhead lookups =
                new ReadAhead(cache, access, actions::get, actions.size(), faults)) {
            new PrefetchAnswer(actions, lookups, terms, out, shared).send();
            complete = true;
        } catch (IOException e) {
            if (e.getCause() instanceof UnreadableContentException) {
                shared.rateLimitedLog().warn("start of a build ended early: " + e.getMessage());
            } else {
                log.debug("start of a build ended early: {}", e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!complete) {
                meters.cutOff();
            }
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

    /** Counts answers to starts of builds, and the actions in them, each of which is also one of the Gets. */
    static final class Meters {

        private final Map<Integer, Counter> frames;
        private final Counter cut;
        private final Counter rejected;

        Meters(MeterRegistry registry) {
            cut = counter(registry, "requests", "cut");
            rejected = counter(registry, "requests", "rejected");
            frames =
                    Map.of(
                            PrefetchFrame.END, counter(registry, "requests", "complete"),
                            PrefetchFrame.HIT, counter(registry, "actions", "hit"),
                            PrefetchFrame.ABSENT, counter(registry, "actions", "miss"),
                            PrefetchFrame.NOT_SENT, counter(registry, "actions", "not_sent"),
                            PrefetchFrame.FAILED, counter(registry, "actions", "failed"));
        }

        void sent(int kind) {
            Counter counter = frames.get(kind);
            if (counter != null) {
                counter.increment();
            }
        }

        void cutOff() {
            cut.increment();
        }

        void rejected() {
            rejected.increment();
        }

        private static Counter counter(MeterRegistry registry, String name, String outcome) {
            return Counter.builder("gocache.prefetch." + name)
                    .description(
                            name.equals("requests")
                                    ? "Starts of builds, by outcome"
                                    : "Actions that were to be sent at starts of builds, by outcome")
                    .tag("outcome", outcome)
                    .register(registry);
        }
    }
}
