package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.text.Rfc3339;

import org.jspecify.annotations.Nullable;

/**
 * What a build did, as one line of JSON for programs. Fields are added over time, never renamed; the names and units are
 * part of the README.
 */
final class StatsJson {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final StringBuilder text = new StringBuilder(1024);

    private StatsJson() {}

    /** An object, and the end of its line. */
    static String line(SessionReport report, BuildContext context, long endMillis) {
        return new StatsJson().write(report, context, endMillis);
    }

    private String write(SessionReport report, BuildContext context, long endMillis) {
        string("time", Rfc3339.format(endMillis * NANOS_PER_MILLI));
        string("adapterVersion", context.version());
        string("goVersion", context.environment().get("GOVERSION"));
        string("command", context.commandText());
        string("directory", context.directory());
        string("service", context.service());
        string("cacheDir", context.cacheDir());
        string("ending", ending(report.ending()));
        number("durationMillis", report.durationNanos() / NANOS_PER_MILLI);
        number("waitMillis", report.waitNanos() / NANOS_PER_MILLI);
        number("drainMillis", report.drainNanos() / NANOS_PER_MILLI);
        number("roundTrips", report.roundTrips());
        number("gets", report.gets());
        number("localHits", report.localHits());
        number("serviceHits", report.serviceHits());
        number("misses", report.misses());
        number("unanswered", report.unanswered());
        number("bytesFetched", report.bytesFetched());
        number("bytesTransferred", report.bytesTransferred());
        string("profileKey", report.profileKey());
        number("prefetched", report.prefetched());
        number("prefetchedUsed", report.prefetchedUsed());
        number("puts", report.puts());
        number("uploads", report.uploads());
        number("bytesUploaded", report.bytesUploaded());
        number("uploadsFailed", report.uploadsFailed());
        number("uploadsSkipped", report.uploadsSkipped());
        number("uploadsDropped", report.uploadsDropped());
        number("uploadsUndone", report.uploadsUndone());
        number("serviceFailures", report.serviceFailures());
        string("lastServiceFailure", report.lastServiceFailure());
        number("diskFailures", report.diskFailures());
        string("lastDiskFailure", report.lastDiskFailure());
        return text.append("}\n").toString();
    }

    private static String ending(SessionReport.Ending ending) {
        if (ending == SessionReport.Ending.CLOSED) {
            return "closed";
        }
        return ending == SessionReport.Ending.GONE ? "gone" : "broken";
    }

    private void number(String name, long value) {
        name(name);
        text.append(value);
    }

    private void string(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            text.append("null");
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value.charAt(i));
        }
        text.append('"');
    }

    private void append(char c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c < ' ') {
            text.append("\\u00").append(Character.forDigit(c >> 4, 16));
            text.append(Character.forDigit(c & 15, 16));
        } else {
            text.append(c);
        }
    }

    private void name(String name) {
        text.append(text.isEmpty() ? "{\"" : ",\"").append(name).append("\":");
    }
}
