package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.model.ByteSize;

import org.jspecify.annotations.Nullable;

/** The statistics of builds, in one line for people. */
public final class StatsText {

    private static final long WORTH_TELLING_NANOS = 100_000_000L;

    private StatsText() {}

    /** Such as {@code 301 gets: 12 local hits, 287 from the service (21 MB, 60 MB unpacked), 2 misses; …}. */
    static String line(SessionReport report) {
        StringBuilder text = new StringBuilder(256);
        text.append(totals(report)).append("; ").append(seconds(report.waitNanos())).append(" s waiting for gets, ");
        if (report.drainNanos() >= WORTH_TELLING_NANOS) {
            text.append(seconds(report.drainNanos())).append(" s for uploads at the end, ");
        }
        text.append(count(report.get(Count.ROUND_TRIPS), "round trip")).append(", ");
        text.append(seconds(report.durationNanos())).append(" s in all");
        if (report.get(Count.SERVICE_FAILURES) > 0) {
            text.append("; the service failed");
        }
        return text.toString();
    }

    /** The failures of several builds, or null if there were none. */
    public static @Nullable String failures(SessionReport report) {
        StringBuilder text = new StringBuilder();
        if (report.get(Count.SERVICE_FAILURES) > 0) {
            text.append("the service failed ")
                    .append(count(report.get(Count.SERVICE_FAILURES), "time"));
            text.append(" (last: ").append(report.lastServiceFailure()).append("): ");
            text.append(count(report.get(Count.UNANSWERED), "get")).append(" not answered, ");
            text.append(count(report.unsent(), "object")).append(" not uploaded");
        }
        if (report.get(Count.DISK_FAILURES) > 0) {
            text.append(text.isEmpty() ? "" : "; ").append("the local cache did not take ");
            text.append(count(report.get(Count.DISK_FAILURES), "object"));
            text.append(" (last: ").append(report.lastDiskFailure()).append(')');
        }
        return text.isEmpty() ? null : text.toString();
    }

    /** The same of several builds, which may have run at once: no times. */
    public static String totals(SessionReport report) {
        StringBuilder text = new StringBuilder(256);
        text.append(count(report.gets(), "get")).append(": ");
        text.append(count(report.get(Count.LOCAL_HITS), "local hit")).append(", ");
        text.append(report.get(Count.SERVICE_HITS)).append(" from the service");
        if (report.get(Count.SERVICE_HITS) > 0) {
            String came = ByteSize.format(report.get(Count.BYTES_TRANSFERRED));
            text.append(" (").append(came);
            if (report.get(Count.BYTES_TRANSFERRED) != report.get(Count.BYTES_FETCHED)) {
                text.append(", ").append(ByteSize.format(report.get(Count.BYTES_FETCHED)));
                text.append(" unpacked");
            }
            if (report.get(Count.PREFETCHED_USED) > 0) {
                text.append(", ")
                        .append(report.get(Count.PREFETCHED_USED))
                        .append(" fetched ahead");
            }
            text.append(')');
        }
        text.append(", ").append(report.get(Count.MISSES));
        text.append(report.get(Count.MISSES) == 1 ? " miss" : " misses");
        if (report.get(Count.UNANSWERED) > 0) {
            text.append(" (").append(report.get(Count.UNANSWERED)).append(" of them not answered)");
        }
        text.append("; ").append(count(report.get(Count.PUTS), "put")).append(": ");
        text.append(report.get(Count.UPLOADS)).append(" uploaded");
        if (report.get(Count.UPLOADS) > 0) {
            text.append(" (").append(ByteSize.format(report.get(Count.BYTES_UPLOADED))).append(')');
        }
        if (report.unsent() > 0) {
            text.append(", ").append(report.unsent()).append(" not uploaded");
        }
        return text.toString();
    }

    /** Seconds with two decimals. */
    public static String seconds(long nanos) {
        long hundredths = nanos / 10_000_000;
        long rest = hundredths % 100;
        return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
    }

    private static String count(long number, String what) {
        return number == 1 ? "1 " + what : number + " " + what + "s";
    }
}
