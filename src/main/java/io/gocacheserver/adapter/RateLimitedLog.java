package io.gocacheserver.adapter;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/** Failures of builds in the log of a resident process: a line a minute at most, since an outage meets every build. */
final class RateLimitedLog {

    private static final long PAUSE_NANOS = 60_000_000_000L;

    private final PrintStream log;
    private final LongSupplier nanoTime;
    private boolean begun;
    private long last;
    private int omitted;

    RateLimitedLog(PrintStream log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    synchronized void add(String message) {
        long now = nanoTime.getAsLong();
        if (begun && now - last < PAUSE_NANOS) {
            omitted++;
            return;
        }
        String more = omitted == 0 ? "" : "; since the last such line, " + omitted + " more";
        log.println("go-cache-adapter serve: " + message + more);
        begun = true;
        last = now;
        omitted = 0;
    }
}
