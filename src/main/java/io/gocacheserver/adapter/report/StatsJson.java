package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.adapter.text.Rfc3339;

/**
 * The statistics of a build, as one line of JSON for programs. Fields are added over time, never renamed; the names and units are
 * part of docs/adapter.md.
 */
final class StatsJson {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private StatsJson() {}

    /** An object, and the end of its line. */
    static String line(SessionReport report, BuildContext context, long endMillis) {
        JsonText json = new JsonText();
        json.string("time", Rfc3339.format(endMillis * NANOS_PER_MILLI));
        json.string("adapterVersion", context.version());
        json.string("goVersion", context.environment().get("GOVERSION"));
        json.string("command", context.commandText());
        json.string("directory", context.directory());
        json.string("service", context.service());
        json.string("cacheDir", context.cacheDir());
        json.string("ending", report.ending().word());
        json.number("durationMillis", report.durationNanos() / NANOS_PER_MILLI);
        json.number("waitMillis", report.waitNanos() / NANOS_PER_MILLI);
        json.number("drainMillis", report.drainNanos() / NANOS_PER_MILLI);
        json.number("roundTrips", report.get(Count.ROUND_TRIPS));
        json.number("gets", report.gets());
        json.number("localHits", report.get(Count.LOCAL_HITS));
        json.number("serviceHits", report.get(Count.SERVICE_HITS));
        json.number("misses", report.get(Count.MISSES));
        json.number("unanswered", report.get(Count.UNANSWERED));
        json.number("bytesFetched", report.get(Count.BYTES_FETCHED));
        json.number("bytesTransferred", report.get(Count.BYTES_TRANSFERRED));
        json.string("profileKey", report.profileKey());
        json.number("prefetched", report.get(Count.PREFETCHED));
        json.number("prefetchedUsed", report.get(Count.PREFETCHED_USED));
        json.number("executed", report.get(Count.EXECUTED));
        json.number("executionMillis", report.get(Count.EXECUTION_NANOS) / NANOS_PER_MILLI);
        json.number("puts", report.get(Count.PUTS));
        json.number("uploads", report.get(Count.UPLOADS));
        json.number("bytesUploaded", report.get(Count.BYTES_UPLOADED));
        json.number("uploadsFailed", report.get(Count.UPLOADS_FAILED));
        json.number("uploadsSkipped", report.get(Count.UPLOADS_SKIPPED));
        json.number("uploadsDropped", report.get(Count.UPLOADS_DROPPED));
        json.number("uploadsUndone", report.get(Count.UPLOADS_UNDONE));
        json.number("serviceFailures", report.get(Count.SERVICE_FAILURES));
        json.string("lastServiceFailure", report.lastServiceFailure());
        json.number("diskFailures", report.get(Count.DISK_FAILURES));
        json.string("lastDiskFailure", report.lastDiskFailure());
        return json.end() + '\n';
    }
}
