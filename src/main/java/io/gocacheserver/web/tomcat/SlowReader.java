package io.gocacheserver.web.tomcat;

/**
 * How quickly a client takes an answer, from the samples in which the service waits for it: a client that takes a byte now and
 * then would hold a thread and a file without end.
 */
final class SlowReader {

    private Object answer = this;
    private long waited;
    private long before;

    /**
     * Adds a sample, {@link SlowClientProtocol#PERIOD} after the last one.
     *
     * @param answer what the client takes; a different answer starts a new window
     * @param bytes how much of it has been sent
     * @return whether the client took too little in the window that ends with this sample
     */
    boolean isTooSlow(Object answer, long bytes, MinimumRate.Terms rate) {
        if (!answer.equals(this.answer)) {
            this.answer = answer;
            startWindow(bytes);
        }
        waited += SlowClientProtocol.PERIOD.toNanos();
        boolean slow = rate.areMissed(bytes - before, waited);
        if (rate.areDue(waited)) {
            startWindow(bytes);
        }
        return slow;
    }

    private void startWindow(long bytes) {
        waited = 0;
        before = bytes;
    }
}
