package io.gocacheserver.adapter.session;

/** Counts requests that other threads still work on. */
final class InFlight {

    private int count;

    synchronized void begin() {
        count++;
    }

    synchronized void end() {
        count--;
        notifyAll();
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
