package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Sends what is pending ({@link PendingUploads}) to the remote tier, oldest first, a few at a time. Bounded: what exceeds the
 * bound is not queued at all, which is counted and logged.
 */
public interface UploadQueue {

    /** Whether there is room for one more. If not, it counts as dropped. Never waits and never fails. */
    boolean admit(Entry entry);

    void wake();

    boolean awaitNotRunning(ActionKey action, Duration timeout) throws InterruptedException;

    boolean awaitNotRunning(OutputId output, Duration timeout) throws InterruptedException;

    Statistics statistics();

    /**
     * A queue at one moment; what is counted is counted since the process started.
     *
     * @param oldest age of the oldest one of both; zero if there is none
     * @param dropped not queued, since there was no room
     * @param resumed found pending when the process started
     * @param lost given up since the local tier no longer has the object, or has it damaged
     * @param paused whether the queue holds still for a while, since the remote tier does not answer or wants less load
     * @param failure why the remote tier has taken none of the latest uploads, or null if it took one
     */
    record Statistics(
            long queued,
            int running,
            Duration oldest,
            long dropped,
            long resumed,
            long retried,
            long exhausted,
            long expired,
            long lost,
            boolean paused,
            @Nullable String failure) {}
}
