package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.text.ByteSize;

import org.jspecify.annotations.Nullable;

/** The statistics of a build, in one line for people. */
final class StatsText {

    private static final long WORTH_TELLING_NANOS = 100_000_000L;

    private StatsText() {}

    /** Such as {@code 301 gets: 12 local hits, 287 from the service (21 MB, 60 MB unpacked), 2 misses; …}. */
    static String line(SessionReport report) {
        StringBuilder text = new StringBuilder(256);
        work(text, report);
        text.append("; ").append(seconds(report.waitNanos())).append(" s waiting for gets, ");
        if (report.drainNanos() >= WORTH_TELLING_NANOS) {
            text.append(seconds(report.drainNanos())).append(" s for uploads at the end, ");
        }
        text.append(count(report.roundTrips(), "round trip")).append(", ");
        text.append(seconds(report.durationNanos())).append(" s in all");
        if (report.serviceFailures() > 0) {
            text.append("; the service failed");
        }
        return text.toString();
    }

    /** The same of several builds, which may have run at once: no times. */
    static String totals(SessionReport report) {
        StringBuilder text = new StringBuilder(256);
        work(text, report);
        return text.toString();
    }

    /** The failures of several builds, or null if there were none. */
    static @Nullable String failures(SessionReport report) {
        StringBuilder text = new StringBuilder();
        if (report.serviceFailures() > 0) {
            text.append("the service failed ").append(count(report.serviceFailures(), "time"));
            text.append(" (last: ").append(report.lastServiceFailure()).append("): ");
            text.append(count(report.unanswered(), "get")).append(" not answered, ");
            text.append(count(unsent(report), "object")).append(" not uploaded");
        }
        if (report.diskFailures() > 0) {
            text.append(text.isEmpty() ? "" : "; ").append("the local cache did not take ");
            text.append(count(report.diskFailures(), "object"));
            text.append(" (last: ").append(report.lastDiskFailure()).append(')');
        }
        return text.isEmpty() ? null : text.toString();
    }

    private static void work(StringBuilder text, SessionReport report) {
        text.append(count(report.gets(), "get")).append(": ");
        text.append(count(report.localHits(), "local hit")).append(", ");
        text.append(report.serviceHits()).append(" from the service");
        if (report.serviceHits() > 0) {
            text.append(" (").append(transferred(report));
            if (report.prefetchedUsed() > 0) {
                text.append(", ").append(report.prefetchedUsed()).append(" fetched ahead");
            }
            text.append(')');
        }
        text.append(", ").append(report.misses());
        text.append(report.misses() == 1 ? " miss" : " misses");
        if (report.unanswered() > 0) {
            text.append(" (").append(report.unanswered()).append(" of them not answered)");
        }
        text.append("; ").append(count(report.puts(), "put")).append(": ");
        text.append(report.uploads()).append(" uploaded");
        if (report.uploads() > 0) {
            text.append(" (").append(ByteSize.format(report.bytesUploaded())).append(')');
        }
        if (unsent(report) > 0) {
            text.append(", ").append(unsent(report)).append(" not uploaded");
        }
    }

    /** Objects that the service lacks now, for whichever reason. */
    static int unsent(SessionReport report) {
        return report.uploadsFailed()
                + report.uploadsSkipped()
                + report.uploadsDropped()
                + report.uploadsUndone();
    }

    /** Bytes as they came, and as they are if that differs. */
    static String transferred(SessionReport report) {
        String came = ByteSize.format(report.bytesTransferred());
        return report.bytesTransferred() == report.bytesFetched()
                ? came
                : came + ", " + ByteSize.format(report.bytesFetched()) + " unpacked";
    }

    /** Seconds with two decimals. */
    static String seconds(long nanos) {
        long hundredths = nanos / 10_000_000;
        long rest = hundredths % 100;
        return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
    }

    private static String count(int number, String what) {
        return number == 1 ? "1 " + what : number + " " + what + "s";
    }
}
