package io.gocacheserver.disk.upkeep;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Consumer;

/** The thread that recovers after a crash, and scrubs from then on whenever that is due or wanted. */
public final class Background implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Background.class);
    private static final long DUE_CHECK_MILLIS = 60_000;

    /** For a scrub that is asked for where none is due by itself, in bytes a second. */
    private static final long DEFAULT_SCRUB_RATE = 16L << 20;

    private final @Nullable Sweeper recovery;
    private final Scrubber scrubber;
    private final long scrubRate;
    private final Consumer<SQLException> failures;
    private final Thread thread;
    private boolean wanted;
    private volatile boolean closed;

    /**
     * @param scrubRate in bytes a second; 0: it scrubs only when told to, and then at a default rate
     */
    public Background(
            @Nullable Sweeper recovery,
            Scrubber scrubber,
            long scrubRate,
            Consumer<SQLException> failures) {
        this.failures = failures;
        this.recovery = recovery;
        this.scrubber = scrubber;
        this.scrubRate = scrubRate;
        this.thread = Thread.ofPlatform().name("disk-background").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Begins a scrub from the start, after the one that runs if there is one. */
    public synchronized void scrubNow() {
        wanted = true;
        notifyAll();
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

    private interface Work {
        void run() throws SQLException, IOException, InterruptedException;
    }

    private void run() {
        try {
            if (recovery != null) {
                attempt("recovery, which resumes at the next start,", recovery::recover);
            }
            while (!closed) {
                boolean fromStart = awaitScrub();
                if (!attempt("the scrub", () -> scrubber.pass(fromStart, pacer()))) {
                    Thread.sleep(DUE_CHECK_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        }
    }

    private boolean attempt(String what, Work work) throws InterruptedException {
        try {
            work.run();
            return true;
        } catch (SQLException | IOException | RuntimeException e) {
            if (closed) {
                throw new InterruptedException();
            }
            if (e instanceof SQLException failure) {
                failures.accept(failure);
            }
            log.error("[disk] {} has failed: {}", what, e.toString());
            return false;
        }
    }

    private synchronized boolean awaitScrub() throws InterruptedException {
        while (!wanted && !isDue()) {
            wait(DUE_CHECK_MILLIS);
        }
        boolean fromStart = wanted;
        wanted = false;
        return fromStart;
    }

    private boolean isDue() {
        try {
            return scrubRate > 0 && scrubber.isDue();
        } catch (SQLException e) {
            return false;
        }
    }

    private Pacer pacer() {
        long rate = scrubRate > 0 ? scrubRate : DEFAULT_SCRUB_RATE;
        return new Pacer(rate, System::nanoTime, Thread::sleep);
    }
}
