package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.profile.BuildName;
import io.gocacheserver.adapter.session.SessionReport;

import java.nio.charset.StandardCharsets;

/**
 * The report of a build to the service, for its status page: {@code POST /builds}, a JSON object. It names the module, and
 * nothing of directories, arguments, branches or the environment. Fields are added over time, never renamed.
 */
public final class BuildFeed {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private BuildFeed() {}

    /** Whether the service had any part in the build. A build that the local disk answers whole would only hide others. */
    public static boolean isWorthTelling(SessionReport report) {
        return report.serviceHits() + report.misses() + report.puts() > 0;
    }

    /**
     * A build as JSON.
     *
     * @param adapterVersion this program's
     */
    public static byte[] json(SessionReport report, BuildName build, String adapterVersion) {
        JsonText json = new JsonText();
        json.string("module", build.module());
        json.string("command", build.command());
        json.string("goVersion", build.goVersion());
        json.string("platform", build.platform());
        json.string("adapterVersion", adapterVersion);
        json.string("ending", JsonText.word(report.ending()));
        json.number("durationMillis", report.durationNanos() / NANOS_PER_MILLI);
        json.number("waitMillis", report.waitNanos() / NANOS_PER_MILLI);
        json.number("localHits", report.localHits());
        json.number("serviceHits", report.serviceHits());
        json.number("misses", report.misses());
        json.number("executed", report.executed());
        json.number("executionMillis", report.executionNanos() / NANOS_PER_MILLI);
        json.number("bytesFetched", report.bytesFetched());
        json.number("bytesTransferred", report.bytesTransferred());
        json.number("uploads", report.uploads());
        json.number("bytesUploaded", report.bytesUploaded());
        json.number("unsent", StatsText.unsent(report));
        json.number("serviceFailures", report.serviceFailures());
        if (report.profileKey() != null) {
            json.number("prefetched", report.prefetched());
            json.number("prefetchUsed", report.prefetchedUsed());
        }
        return json.end().getBytes(StandardCharsets.UTF_8);
    }
}
