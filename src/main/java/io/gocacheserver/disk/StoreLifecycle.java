package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.disk.blobs.StoreCounters;
import io.gocacheserver.disk.blobs.UnusableDirectoryException;
import io.gocacheserver.disk.index.NoRoomException;
import io.gocacheserver.disk.index.SqlFailure;
import io.gocacheserver.disk.index.Totals;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a store open for as long as its directory is there and its index can be read, and opens another one when that is so
 * again. Until then reads and writes fail. A maintenance thread runs eviction and checks the directory every second.
 */
final class StoreLifecycle implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoreLifecycle.class);
    private static final long TICK_MILLIS = 1_000;
    private static final int TICKS_PER_FLUSH = 30;
    private static final Duration REBUILD_PATIENCE = Duration.ofSeconds(3);

    private final StoreSettings settings;
    private final Clocks clocks;
    private final StoreCounters counters = new StoreCounters();
    private final Thread thread;
    private volatile @Nullable OpenStore open;
    private volatile @Nullable String problem;
    private volatile boolean rebuilding;
    private volatile boolean closed;
    private final RateLimitedLog rateLimitedLog = new RateLimitedLog(log, System::nanoTime);
    private final Semaphore wakeups = new Semaphore(0);
    private final AtomicBoolean toLowMark = new AtomicBoolean();

    interface Use<T> {
        T apply(OpenStore open) throws SQLException, IOException;
    }

    private StoreLifecycle(StoreSettings settings, Clocks clocks) {
        this.settings = settings;
        this.clocks = clocks;
        this.thread = Thread.ofPlatform().name("disk-maintenance").daemon().unstarted(this::run);
    }

    /** Opens the store. If the volume is full, read-only or fails just now, it is opened later. */
    static StoreLifecycle open(StoreSettings settings, Clocks clocks) {
        StoreLifecycle lifecycle = new StoreLifecycle(settings, clocks);
        try {
            lifecycle.open();
        } catch (UnusableDirectoryException e) {
            switch (SqlFailure.of(e)) {
                case FULL, READ_ONLY, BUSY, UNUSABLE -> {}
                case DAMAGED, OTHER -> throw e;
            }
            lifecycle.problem = e.getMessage();
            log.error(
                    "[disk] {}; the service retries until the directory is usable", e.getMessage());
        }
        lifecycle.thread.start();
        return lifecycle;
    }

    @Nullable OpenStore current() {
        return open;
    }

    StoreReport unavailable() {
        return new StoreReport(
                Totals.NONE.usage(),
                StoreReport.State.UNAVAILABLE,
                problem(),
                0,
                0,
                0,
                0,
                null,
                counters.evictions(),
                counters.corruptions(),
                new StoreReport.Scrub(false, 0, 0, 0, null));
    }

    private String problem() {
        String known = problem;
        return known == null ? "the directory is not open" : known;
    }

    private void wake() {
        if (wakeups.availablePermits() == 0) {
            wakeups.release();
        }
    }

    void evictNow() {
        toLowMark.set(true);
        wake();
    }

    <T> T read(String what, Object which, Use<T> use) throws TierException.LocalRead {
        try {
            return applyOrRetry(use);
        } catch (SQLException | IOException e) {
            throw new TierException.LocalRead(message(what, which, e), e);
        }
    }

    <T> T write(String what, Object which, Use<T> use) throws TierException.LocalWrite {
        try {
            return applyOrRetry(use);
        } catch (SQLException | IOException e) {
            throw new TierException.LocalWrite(message(what, which, e), e);
        }
    }

    /** The same for what reads a body, whose failures are not the disk's. */
    <T> T take(String what, Object which, Use<T> use)
            throws ObjectSourceException, TierException.LocalWrite {
        try {
            return apply(use);
        } catch (ObjectSourceException e) {
            throw e;
        } catch (SQLException | IOException e) {
            throw new TierException.LocalWrite(message(what, which, e), e);
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
        OpenStore last = open;
        problem = "the cache is closed";
        open = null;
        if (last != null) {
            last.close();
        }
    }

    /** A call that meets a damaged index waits for the new one, which takes a moment, and is made again there. */
    private <T> T applyOrRetry(Use<T> use) throws SQLException, IOException {
        OpenStore store = open;
        try {
            return apply(use);
        } catch (SQLException | IOException e) {
            if (!(rebuilding || (store != null && store.isDamaged())) || !awaitOtherThan(store)) {
                throw e;
            }
            return apply(use);
        }
    }

    private synchronized boolean awaitOtherThan(@Nullable OpenStore store) {
        long end = System.nanoTime() + REBUILD_PATIENCE.toNanos();
        try {
            while ((open == null || open == store) && end - System.nanoTime() > 0) {
                wait(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return open != null && open != store;
    }

    private <T> T apply(Use<T> use) throws SQLException, IOException {
        OpenStore store = open;
        if (store == null) {
            throw new IOException(problem());
        }
        try {
            return use.apply(store);
        } catch (SQLException e) {
            store.failed(e);
            if (store.isDamaged()) {
                wake();
            }
            throw e;
        }
    }

    /** The index's own message is part of the exception's. */
    private static String message(String what, Object which, Exception e) {
        boolean own = e instanceof SQLException || e instanceof NoRoomException;
        return "%s %s: %s".formatted(what, which, own ? e.getMessage() : e);
    }

    private void open() {
        OpenStore store = OpenStore.open(settings, counters, clocks);
        store.space.onShortage(this::wake);
        problem = null;
        synchronized (this) {
            rebuilding = false;
            open = store;
            notifyAll();
        }
    }

    private void run() {
        int ticks = 0;
        while (!closed) {
            try {
                boolean evict = awaitTick();
                OpenStore store = open;
                if (store == null) {
                    reopen();
                } else if (store.isDamaged()) {
                    rebuild(store);
                } else if (!store.layout.isStillThere()) {
                    leave(store);
                } else {
                    maintain(store, evict, ++ticks % TICKS_PER_FLUSH == 0);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                log.error("[disk] maintenance failed", e);
            }
        }
    }

    private boolean awaitTick() throws InterruptedException {
        if (wakeups.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            wakeups.drainPermits();
        }
        return toLowMark.getAndSet(false);
    }

    private void maintain(OpenStore store, boolean evict, boolean flush) {
        try {
            store.layout.restoreTmp();
        } catch (IOException e) {
            rateLimitedLog.warn("[disk] tmp/ is gone: " + e);
        }
        try {
            store.maintain(evict);
            if (flush) {
                store.flushAccessTimes();
            }
        } catch (SQLException e) {
            store.failed(e);
            store.space.nothingLeft();
            rateLimitedLog.warn("[disk] eviction failed: " + e.getMessage());
        }
    }

    private void reopen() {
        try {
            open();
            log.info("[disk] {} is usable again", settings.directory());
        } catch (UnusableDirectoryException e) {
            problem = e.getMessage();
            log.debug("still unusable", e);
        }
    }

    private void leave(OpenStore store) {
        problem =
                "the directory %s is gone, or another one is in its place"
                        .formatted(settings.directory());
        open = null;
        log.error("[disk] {}; Puts are refused until it is usable", problem);
        store.abandon();
    }

    private void rebuild(OpenStore store) {
        problem = "its index is damaged, and a new one is made";
        rebuilding = true;
        open = null;
        store.abandon();
        try {
            store.setIndexAside();
        } catch (IOException e) {
            log.error("[disk] the damaged index cannot be deleted: {}", e.toString());
        }
        reopen();
    }
}
