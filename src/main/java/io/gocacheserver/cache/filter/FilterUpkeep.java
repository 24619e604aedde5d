package io.gocacheserver.cache.filter;

import io.gocacheserver.cache.filter.LocalActions.SavedFilter;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Fills the {@link ActionFilters} in the background, one after the other: first with the actions of the local tier, then with
 * those of the remote one, a page at a time with a pause after each. In this order, since an action that the local tier loses
 * in between is in the remote one by then. Each filter is filled again after a while, since other replicas write too: the
 * more pages it takes, the later.
 *
 * <p>What the remote tier had is saved with the local one, at the end, and every {@value #PAGES_PER_SAVE} pages of the first
 * list. A restart reads it, and the local tier's actions once more, and goes on from there.
 */
final class FilterUpkeep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FilterUpkeep.class);

    private static final Duration LOCAL_PAUSE = Duration.ofMillis(5);
    private static final Duration REMOTE_PAUSE = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final int PAGES_PER_SAVE = 100;

    /** From one list to the next: at least, for each page of a thousand keys, and at most. */
    private static final Duration MIN_INTERVAL = Duration.ofMinutes(5);

    private static final Duration INTERVAL_PER_PAGE = Duration.ofSeconds(3);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    /** Longest pause after a failure is sixteen times this. */
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /** Failures in a row after which another namespace has its turn. */
    private static final int MAX_FAILURES = 5;

    private final ActionFilters filters;
    private final LocalActions local;
    private final @Nullable RemoteActions remote;
    private final InstantSource clock;
    private final RateLimitedLog failuresLog = new RateLimitedLog(log, System::nanoTime);
    private final Semaphore closing = new Semaphore(0);
    private final Thread thread;
    private @Nullable Filling filling;

    /** A filter that is being filled. */
    private static final class Filling {
        final NamespaceFilter filter;

        /** Null once the local tier's actions are in it. */
        @Nullable ActionListing local;

        /** Null once the remote tier's are in it. */
        @Nullable ActionListing remote;

        @Nullable String localPosition;
        @Nullable String remotePosition;
        Instant listed;

        /** Whether an earlier process has listed the remote tier's. */
        boolean isOld;

        int pages;
        int failures;

        Filling(
                NamespaceFilter filter,
                Instant begun,
                ActionListing local,
                @Nullable ActionListing remote) {
            this.filter = filter;
            this.listed = begun;
            this.local = local;
            this.remote = remote;
        }
    }

    FilterUpkeep(
            ActionFilters filters,
            LocalActions local,
            @Nullable RemoteActions remote,
            InstantSource clock) {
        this.filters = filters;
        this.local = local;
        this.remote = remote;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("action-filters").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Does one step; how long to wait before the next. */
    Duration step() {
        Filling current = filling;
        try {
            if (current == null) {
                NamespaceFilter due = filters.due();
                if (due == null) {
                    return IDLE;
                }
                current = begin(due);
                filling = current;
            }
            Duration pause = read(current);
            current.failures = 0;
            return pause;
        } catch (TierException e) {
            return failed(e);
        }
    }

    private Filling begin(NamespaceFilter filter) throws TierException {
        Instant now = clock.instant();
        Filling begun = new Filling(filter, now, local, remote);
        SavedFilter saved =
                remote == null || filter.wasListed()
                        ? null
                        : local.savedFilter(filter.namespace()).orElse(null);
        filter.beginFilling(saved);
        if (saved != null) {
            begun.remotePosition = saved.position();
            Instant listed = saved.listed();
            if (listed != null) {
                begun.listed = listed;
                begun.isOld = true;
                begun.remote = null;
            }
        }
        return begun;
    }

    private Duration read(Filling current) throws TierException {
        NamespaceFilter filter = current.filter;
        if (current.local != null) {
            var page = current.local.actions(filter.namespace(), current.localPosition);
            filter.fill(page.actions());
            current.localPosition = page.last();
            current.local = page.last() == null ? null : current.local;
            current.pages++;
            return LOCAL_PAUSE;
        }
        if (current.remote != null) {
            var page = current.remote.actions(filter.namespace(), current.remotePosition);
            filter.fill(page.actions());
            current.remotePosition = page.last();
            current.remote = page.last() == null ? null : current.remote;
            if (++current.pages % PAGES_PER_SAVE == 0) {
                saveUnfinished(current);
            }
            return REMOTE_PAUSE;
        }
        Duration interval = INTERVAL_PER_PAGE.multipliedBy(current.pages);
        interval = interval.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : interval;
        interval = interval.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : interval;
        Instant now = clock.instant();
        // Of a list that an earlier process has made, what was written since is still missing.
        filter.endFilling(current.listed, current.isOld ? now : now.plus(interval));
        filling = null;
        save(filter);
        log.debug("{} actions of {} are known", filter.actions(), filter.namespace());
        return LOCAL_PAUSE;
    }

    /** The same is tried again, and after some failures later. */
    private Duration failed(TierException e) {
        failuresLog.warn(e.getMessage() + "; clients ask for all actions as long as that lasts");
        Filling current = filling;
        if (current == null) {
            return FIRST_RETRY.multipliedBy(1L << MAX_FAILURES);
        }
        if (++current.failures < MAX_FAILURES) {
            return FIRST_RETRY.multipliedBy(1L << current.failures);
        }
        try {
            saveUnfinished(current);
        } catch (TierException again) {
            log.debug("what was listed so far is not kept", again);
        }
        current.filter.postpone(clock.instant().plus(MIN_INTERVAL));
        filling = null;
        return IDLE;
    }

    /** Of a first list alone: until another one ends, the earlier filter is of more use. */
    private void saveUnfinished(Filling current) throws TierException {
        SavedFilter saved = current.filter.unfinished(current.remotePosition);
        if (remote != null
                && saved != null
                && current.remotePosition != null
                && !current.filter.wasListed()) {
            local.save(current.filter.namespace(), saved);
        }
    }

    private void save(NamespaceFilter filter) {
        SavedFilter saved = filter.finished();
        if (remote != null && saved != null) {
            try {
                local.save(filter.namespace(), saved);
            } catch (TierException e) {
                failuresLog.warn(e.getMessage() + "; after a restart S3 is listed again");
            }
        }
    }

    private void run() {
        try {
            while (!closing.tryAcquire(pause().toMillis(), TimeUnit.MILLISECONDS)) {
                log.trace("next step");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        try {
            return step();
        } catch (RuntimeException e) {
            log.error("a filter of actions cannot be filled", e);
            return MIN_INTERVAL;
        }
    }

    /** Saves what is known by now. */
    @Override
    public void close() {
        closing.release();
        thread.interrupt();
        try {
            thread.join();
            Filling current = filling;
            if (current != null) {
                saveUnfinished(current);
            }
            for (NamespaceFilter filter : filters.all()) {
                save(filter);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TierException e) {
            log.warn("filters of actions are not kept: {}", e.getMessage());
        }
    }
}
