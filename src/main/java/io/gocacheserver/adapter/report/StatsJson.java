package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.text.Rfc3339;

/**
 * The statistics of a build, as one line of JSON for programs. Fields are added over time, never renamed; the names and units are
 * part of the README.
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
        json.string("ending", JsonText.word(report.ending()));
        json.number("durationMillis", report.durationNanos() / NANOS_PER_MILLI);
        json.number("waitMillis", report.waitNanos() / NANOS_PER_MILLI);
        json.number("drainMillis", report.drainNanos() / NANOS_PER_MILLI);
        json.number("roundTrips", report.roundTrips());
        json.number("gets", report.gets());
        json.number("localHits", report.localHits());
        json.number("serviceHits", report.serviceHits());
        json.number("misses", report.misses());
        json.number("unanswered", report.unanswered());
        json.number("bytesFetched", report.bytesFetched());
        json.number("bytesTransferred", report.bytesTransferred());
        json.string("profileKey", report.profileKey());
        json.number("prefetched", report.prefetched());
        json.number("prefetchedUsed", report.prefetchedUsed());
        json.number("executed", report.executed());
        json.number("executionMillis", report.executionNanos() / NANOS_PER_MILLI);
        json.number("puts", report.puts());
        json.number("uploads", report.uploads());
        json.number("bytesUploaded", report.bytesUploaded());
        json.number("uploadsFailed", report.uploadsFailed());
        json.number("uploadsSkipped", report.uploadsSkipped());
        json.number("uploadsDropped", report.uploadsDropped());
        json.number("uploadsUndone", report.uploadsUndone());
        json.number("serviceFailures", report.serviceFailures());
        json.string("lastServiceFailure", report.lastServiceFailure());
        json.number("diskFailures", report.diskFailures());
        json.string("lastDiskFailure", report.lastDiskFailure());
        return json.end() + '\n';
    }
}
