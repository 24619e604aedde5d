package io.gocacheserver.adapter.session;

/** Counts requests that other threads still work on, and the time during which there are any. */
final class InFlight {

    private int count;
    private long since;
    private long busyNanos;

    synchronized void begin() {
        if (count == 0) {
            since = System.nanoTime();
        }
        count++;
    }

    synchronized void end() {
        count--;
        if (count == 0) {
            busyNanos += System.nanoTime() - since;
        }
        notifyAll();
    }

    /** How long there was at least one, until now. */
    synchronized long busyNanos() {
        return count == 0 ? busyNanos : busyNanos + System.nanoTime() - since;
    }

    /** Waits until there are none; each ends by itself, since every wait for the service is bounded. */
    synchronized void await() {
        try {
            while (count > 0) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
