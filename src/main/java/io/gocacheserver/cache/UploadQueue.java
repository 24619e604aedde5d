package io.gocacheserver.cache;

/** Takes uploads and returns at once; they run later. Bounded: what does not fit is dropped, counted and logged. */
public interface UploadQueue {

    /** Adds an upload, or drops it. Never waits and never fails. */
    void offer(Upload upload);

    /** The queue at this moment. */
    Statistics statistics();

    /**
     * A queue at one moment.
     *
     * @param queued uploads that wait
     * @param running uploads under way
     * @param dropped uploads dropped since the process started
     */
    record Statistics(int queued, int running, long dropped) {}
}
