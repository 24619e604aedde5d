package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.adapter.text.Rfc3339;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Locale;

/**
 * The report of a build: for people, and as one JSON object for a file of statistics and for the service. Fields are added over
 * time, never renamed.
 *
 * @param version the adapter's
 */
public record BuildReport(
        Options options,
        GoInvocation build,
        String version,
        Reporter reporter,
        InstantSource clock) {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** A session has ended. */
    public void ended(SessionReport report) {
        if (options.report().stats() || options.report().verbose()) {
            reporter.say(StatsText.line(report));
        }
        String file = options.report().statsFile();
        if (file != null) {
            try {
                FailureLog.append(file, line(report));
            } catch (IOException e) {
                reporter.warn("cannot write statistics to " + file + ": " + e.getMessage());
            }
        }
    }

    /** Whether the service had any part in the build. A build that the local disk answers whole would only hide others. */
    public static boolean isWorthTelling(SessionReport report) {
        return report.get(Count.SERVICE_HITS) + report.get(Count.MISSES) + report.get(Count.PUTS)
                > 0;
    }

    /** For {@code POST /builds}: the facts that the service is told at the start of a build, if there are any, and counts. */
    public static byte[] forService(
            SessionReport report,
            GoInvocation build,
            @Nullable String facts,
            String adapterVersion,
            String traceparent) {
        JsonText json = new JsonText();
        json.string("module", build.module());
        json.string("command", build.commandName());
        json.string("goVersion", build.goVersion());
        json.string("platform", build.platform());
        json.string("adapterVersion", adapterVersion);
        json.string("trace", traceparent);
        times(json, report);
        counts(json, report, Count.LOCAL_HITS, Count.MISSES);
        counts(json, report, Count.EXECUTED, Count.EXECUTION_NANOS);
        counts(json, report, Count.BYTES_FETCHED, Count.BYTES_TRANSFERRED);
        counts(json, report, Count.UPLOADS, Count.BYTES_UPLOADED);
        json.number("unsent", report.unsent());
        counts(json, report, Count.SERVICE_FAILURES, Count.SERVICE_FAILURES);
        json.string("failure", report.lastServiceFailure());
        if (report.profileKey() != null) {
            json.number("prefetched", report.get(Count.PREFETCHED));
            json.number("prefetchUsed", report.get(Count.PREFETCHED_USED));
        }
        if (facts != null) {
            json.object("build", facts);
        }
        return json.end().getBytes(StandardCharsets.UTF_8);
    }

    /** A line for programs, with the names and units of docs/adapter.md. */
    private String line(SessionReport report) {
        JsonText json = new JsonText();
        json.string("time", Rfc3339.format(clock.millis() * NANOS_PER_MILLI));
        json.string("adapterVersion", version);
        json.string("goVersion", build.goVersion());
        json.string("command", build.text());
        json.string("directory", build.directory());
        json.string("service", options.server().toString());
        json.string("cacheDir", options.cacheDir());
        times(json, report);
        json.number("drainMillis", report.drainNanos() / NANOS_PER_MILLI);
        json.number("gets", report.gets());
        json.string("profileKey", report.profileKey());
        counts(json, report, Count.ROUND_TRIPS, Count.DISK_FAILURES);
        json.string("lastServiceFailure", report.lastServiceFailure());
        json.string("lastDiskFailure", report.lastDiskFailure());
        return json.end() + '\n';
    }

    private static void times(JsonText json, SessionReport report) {
        json.string("ending", report.ending().word());
        json.number("durationMillis", report.durationNanos() / NANOS_PER_MILLI);
        json.number("waitMillis", report.waitNanos() / NANOS_PER_MILLI);
    }

    /** Some counters in their order, named as they are: {@code localHits}. */
    private static void counts(JsonText json, SessionReport report, Count first, Count last) {
        for (Count count : EnumSet.range(first, last)) {
            if (count == Count.EXECUTION_NANOS) {
                json.number("executionMillis", report.get(count) / NANOS_PER_MILLI);
                continue;
            }
            StringBuilder name = new StringBuilder();
            for (String word : count.name().toLowerCase(Locale.ROOT).split("_")) {
                name.append(
                        name.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)));
                name.append(word, 1, word.length());
            }
            json.number(name.toString(), report.get(count));
        }
    }
}
