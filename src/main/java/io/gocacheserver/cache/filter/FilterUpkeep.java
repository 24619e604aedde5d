package io.gocacheserver.cache.filter;

import io.gocacheserver.cache.filter.NamespaceFilter.SavedFilter;
import io.gocacheserver.cache.tier.LocalDocuments;
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
 *
 * <p>Filters are saved when they are complete, and every {@value #PAGES_PER_SAVE} pages of a first list. A process that finds
 * a saved one adds the local tier's actions to it, and goes on from there.
 */
final class FilterUpkeep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FilterUpkeep.class);

    private static final Duration LOCAL_PAUSE = Duration.ofMillis(5);
    private static final Duration REMOTE_PAUSE = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final int PAGES_PER_SAVE = 100;

    /** From one list to the next: at least, for each page of a thousand keys, and at most. */
    private static final Duration MIN_INTERVAL = Duration.ofMinutes(5);

    private static final Duration INTERVAL_PER_PAGE = Duration.ofSeconds(3);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    private final ActionFilters filters;
    private final Listing local;
    private final @Nullable Listing remote;
    private final LocalDocuments saved;
    private final InstantSource clock;
    private final Pause pause;
    private final RateLimitedLog failuresLog = new RateLimitedLog(log, System::nanoTime);
    private final Thread thread;
    private volatile boolean closed;

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
            LocalDocuments saved,
            InstantSource clock,
            Pause pause) {
        this.filters = filters;
        this.local = local;
        this.remote = remote;
        this.saved = saved;
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
            sleep(LOCAL_PAUSE);
            due = filters.due();
        }
    }

    private void fill(NamespaceFilter filter) throws TierException, InterruptedException {
        Instant begun = clock.instant();
        SavedFilter before = remote == null || filter.wasListed() ? null : read(filter);
        filter.beginFilling(before);
        int pages = list(local, filter, null, LOCAL_PAUSE, false);
        if (before != null && before.listed() != null) {
            // What others have written since is still missing: the next list is due at once.
            filter.endFilling(before.listed(), begun);
            return;
        }
        if (remote != null) {
            String from = before == null ? null : before.position();
            pages += list(remote, filter, from, REMOTE_PAUSE, true);
        }
        long wanted = INTERVAL_PER_PAGE.multipliedBy(pages).toSeconds();
        long seconds = Math.clamp(wanted, MIN_INTERVAL.toSeconds(), MAX_INTERVAL.toSeconds());
        filter.endFilling(begun, clock.instant().plusSeconds(seconds));
        log.debug("{} actions of {} are known", filter.actions(), filter.namespace());
        if (remote != null) {
            save(filter, filter.finished());
        }
    }

    /** Returns the number of pages. {@code resumable}: whether a position in the list is of use to another process. */
    private int list(
            Listing tier,
            NamespaceFilter filter,
            @Nullable String from,
            Duration length,
            boolean resumable)
            throws TierException, InterruptedException {
        int pages = 0;
        String position = from;
        try {
            do {
                Tier.Page page = tier.actions(filter.namespace(), position);
                filter.fill(page.actions());
                position = page.last();
                pages++;
                if (resumable && pages % PAGES_PER_SAVE == 0) {
                    saveUnfinished(filter, position);
                }
                sleep(length);
            } while (position != null);
        } finally {
            if (resumable) {
                saveUnfinished(filter, position);
            }
        }
        return pages;
    }

    /** Of a first list alone: until another one ends, the complete filter is of more use. */
    private void saveUnfinished(NamespaceFilter filter, @Nullable String position) {
        if (position != null && !filter.wasListed()) {
            save(filter, filter.unfinished(position));
        }
    }

    private @Nullable SavedFilter read(NamespaceFilter filter) throws TierException {
        return saved.read(filter.namespace().name()).map(SavedFilter::decode).orElse(null);
    }

    private void save(NamespaceFilter filter, @Nullable SavedFilter current) {
        if (current != null) {
            try {
                saved.write(filter.namespace().name(), current.encoded());
            } catch (TierException e) {
                failuresLog.warn(e.getMessage() + "; after a restart S3 is listed again");
            }
        }
    }

    private void sleep(Duration length) throws InterruptedException {
        if (closed) { // an interrupt that comes while a tier is asked may be lost there
            throw new InterruptedException();
        }
        pause.sleep(length);
    }

    private void run() {
        try {
            while (true) {
                try {
                    fillAll();
                } catch (RuntimeException e) {
                    log.error("a filter of actions cannot be filled", e);
                    sleep(MIN_INTERVAL);
                }
                sleep(IDLE);
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
