package io.gocacheserver.adapter.session;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Says at the end of a session what went wrong, in a line each for service and disk: what happened, what it cost, what to do. */
record Summary(Tally tally, String service, String directory) {

    /** Writes nothing if all went well; {@code undone}: uploads that the drain left, {@code remark}: what else there is to say. */
    void write(Reporter reporter, int undone, boolean abandoned, @Nullable String remark) {
        boolean failed = tally.lastServiceFailure() != null;
        List<String> parts = new ArrayList<>();
        if (failed) {
            long times = tally.get(Count.SERVICE_FAILURES);
            parts.add(
                    "failed %s (last: %s)"
                            .formatted(
                                    times == 1 ? "once" : times + " times",
                                    tally.lastServiceFailure()));
        }
        if (remark != null) {
            parts.add(remark);
        }
        if (abandoned) {
            parts.add("the build went on without it");
        }
        String lost = lost(failed || abandoned ? tally.get(Count.UNANSWERED) : 0, undone);
        if (!lost.isEmpty()) {
            parts.add(lost);
        }
        if (!parts.isEmpty()) {
            reporter.warn("service " + service + (failed ? " " : ": ") + String.join("; ", parts));
        }
        writeDisk(reporter);
    }

    private void writeDisk(Reporter reporter) {
        if (tally.lastDiskFailure() != null) {
            reporter.warn(
                    "the cache directory "
                            + directory
                            + " did not take "
                            + objects(tally.get(Count.DISK_FAILURES))
                            + " (last: "
                            + tally.lastDiskFailure()
                            + "); this build went on, later ones will not find them;"
                            + " free some space, or pass another one with --cache-dir");
        }
    }

    private String lost(long unanswered, int undone) {
        StringBuilder text = new StringBuilder();
        if (unanswered > 0) {
            text.append(unanswered).append(unanswered == 1 ? " get" : " gets");
            text.append(" not answered by it");
        }
        append(text, tally.get(Count.UPLOADS_FAILED), "that it did not take");
        append(text, tally.get(Count.UPLOADS_SKIPPED), "not uploaded since it failed");
        append(text, tally.get(Count.UPLOADS_DROPPED), "not uploaded since the queue was full");
        append(text, undone, "not uploaded within the drain timeout (--drain-timeout)");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(objects(count)).append(' ').append(what);
        }
    }

    private static String objects(long count) {
        return count == 1 ? "1 object" : count + " objects";
    }
}
