package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

/**
 * Says at the end of a session what went wrong, in a line each for service and disk: what happened, what it cost, what to
 * do. A broken cache must not look like a cold one.
 */
final class Summary {

    private final Tally tally;
    private final String service;
    private final String directory;

    /**
     * @param service its URL
     * @param directory the cache directory
     */
    Summary(Tally tally, String service, String directory) {
        this.tally = tally;
        this.service = service;
        this.directory = directory;
    }

    /**
     * Writes nothing if all went well.
     *
     * @param undone uploads that the drain left
     * @param remark what else there is to say about the service, or null
     */
    void write(Reporter reporter, int undone, @Nullable String remark) {
        String unsent = unsent(undone);
        if (tally.lastServiceFailure() != null) {
            reporter.warn(
                    "service "
                            + service
                            + " failed "
                            + times(tally.serviceFailures.get())
                            + " (last: "
                            + tally.lastServiceFailure()
                            + "); the build went on without it"
                            + lost(unsent)
                            + (remark == null ? "" : "; " + remark)
                            + "; to find out why: go-cache-adapter doctor");
        } else if (!unsent.isEmpty()) {
            reporter.warn(
                    "service " + service + ": " + unsent + (remark == null ? "" : "; " + remark));
        } else if (remark != null) {
            reporter.warn(remark);
        }
        if (tally.lastDiskFailure() != null) {
            reporter.warn(
                    "the cache directory "
                            + directory
                            + " did not take "
                            + objects(tally.diskFailures.get())
                            + " (last: "
                            + tally.lastDiskFailure()
                            + "); this build went on, later ones will not find them;"
                            + " free some space, or pass another one with --cache-dir");
        }
    }

    private String lost(String unsent) {
        int unanswered = tally.unanswered.get();
        StringBuilder text = new StringBuilder();
        if (unanswered > 0) {
            text.append(": ")
                    .append(unanswered)
                    .append(unanswered == 1 ? " get" : " gets")
                    .append(" not answered by it");
        }
        if (!unsent.isEmpty()) {
            text.append(text.isEmpty() ? ": " : ", ").append(unsent);
        }
        return text.toString();
    }

    private String unsent(int undone) {
        StringBuilder text = new StringBuilder();
        append(text, tally.uploadsFailed.get(), "that it did not take");
        append(text, tally.uploadsSkipped.get(), "not uploaded since it failed");
        append(
                text,
                tally.uploadsDropped.get(),
                "not uploaded since the queue was full (--upload-queue)");
        append(text, undone, "not uploaded within the drain timeout (--drain-timeout)");
        return text.toString();
    }

    private static void append(StringBuilder text, int count, String what) {
        if (count > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(objects(count)).append(' ').append(what);
        }
    }

    private static String objects(int count) {
        return count == 1 ? "1 object" : count + " objects";
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}
