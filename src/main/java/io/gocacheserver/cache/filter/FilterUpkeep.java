package io.gocacheserver.cache.filter;

import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Fills the {@link ActionFilters} in the background, one after the other: first with the actions of the local tier, then with
 * those of the remote one, a page at a time with a pause after each. In this order, since an action that the local tier loses
 * in between is in the remote one by then. Each filter is filled again after a while, since other replicas write too: the
 * more pages it takes, the later.
 */
final class FilterUpkeep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FilterUpkeep.class);

    private static final Duration LOCAL_PAUSE = Duration.ofMillis(5);
    private static final Duration REMOTE_PAUSE = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(30);

    /** From one list to the next: at least, for each page of a thousand keys, and at most. */
    private static final Duration MIN_INTERVAL = Duration.ofMinutes(5);

    private static final Duration INTERVAL_PER_PAGE = Duration.ofSeconds(3);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    private final ActionFilters filters;
    private final Listing local;
    private final @Nullable Listing remote;
    private final InstantSource clock;
    private final Pause pause;
    private final RateLimitedLog failuresLog = new RateLimitedLog(log, System::nanoTime);
    private final Thread thread;

    interface Listing {
        Tier.Page actions(Namespace namespace, @Nullable String after) throws TierException;
    }

    interface Pause {
        void sleep(Duration length) throws InterruptedException;
    }

    FilterUpkeep(
            ActionFilters filters,
            Listing local,
            @Nullable Listing remote,
            InstantSource clock,
            Pause pause) {
        this.filters = filters;
        this.local = local;
        this.remote = remote;
        this.clock = clock;
        this.pause = pause;
        this.thread = Thread.ofPlatform().name("action-filters").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Fills the filters that are due; a tier that cannot be listed is tried again later. */
    void fillAll() throws InterruptedException {
        NamespaceFilter due = filters.due();
        while (due != null) {
            try {
                fill(due);
            } catch (TierException e) {
                failuresLog.warn(
                        e.getMessage() + "; clients ask for all actions as long as that lasts");
                due.postpone(clock.instant().plus(RETRY));
            }
            due = filters.due();
        }
    }

    private void fill(NamespaceFilter filter) throws TierException, InterruptedException {
        Instant begun = clock.instant();
        filter.beginFilling();
        int pages = list(local, filter, LOCAL_PAUSE);
        if (remote != null) {
            pages += list(remote, filter, REMOTE_PAUSE);
        }
        Duration interval = INTERVAL_PER_PAGE.multipliedBy(pages);
        interval = interval.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : interval;
        interval = interval.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : interval;
        filter.endFilling(begun, clock.instant().plus(interval));
        log.debug("{} actions of {} are known", filter.actions(), filter.namespace());
    }

    private int list(Listing tier, NamespaceFilter filter, Duration length)
            throws TierException, InterruptedException {
        int pages = 0;
        String position = null;
        do {
            Tier.Page page = tier.actions(filter.namespace(), position);
            filter.fill(page.actions());
            position = page.last();
            pages++;
            pause.sleep(length);
        } while (position != null);
        return pages;
    }

    private void run() {
        try {
            while (true) {
                try {
                    fillAll();
                } catch (RuntimeException e) {
                    log.error("a filter of actions cannot be filled", e);
                    pause.sleep(MIN_INTERVAL);
                }
                pause.sleep(IDLE);
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
