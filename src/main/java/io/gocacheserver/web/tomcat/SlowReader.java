package io.gocacheserver.web.tomcat;

import java.time.Duration;

/**
 * How quickly a client takes an answer while it is waited for, from one sample after the other: one that takes a byte now and
 * then would hold a thread and a file without end.
 */
final class SlowReader {

    private Object answer = this;
    private long waited;
    private long before;

    /**
     * @param answer what the client takes; another one begins anew
     * @param bytes how much of it has been sent
     * @param nanos how long the client has been waited for since the last sample
     * @return whether it took fewer bytes than the rate demands in as long as that grants
     */
    boolean isTooSlow(Object answer, long bytes, long nanos, MinimumRate.Terms rate) {
        if (!answer.equals(this.answer)) {
            this.answer = answer;
            waited = 0;
            before = bytes;
        }
        waited += nanos;
        if (waited <= rate.grace().toNanos()) {
            return false;
        }
        long least = rate.bytesPerSecond() * Duration.ofNanos(waited).toSeconds();
        boolean slow = bytes - before < least;
        waited = 0;
        before = bytes;
        return slow;
    }
}
