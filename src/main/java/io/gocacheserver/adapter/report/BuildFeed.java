package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.text.JsonText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The report of a build to the service, for its status page: {@code POST /builds}, a JSON object. It has the
 * facts that the service is told at the start of a build, and counts. Fields are added over time, never renamed.
 */
public final class BuildFeed {

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private BuildFeed() {}

    /** Whether the service had any part in the build. A build that the local disk answers whole would only hide others. */
    public static boolean isWorthTelling(SessionReport report) {
        return report.get(Count.SERVICE_HITS) + report.get(Count.MISSES) + report.get(Count.PUTS)
                > 0;
    }

    /**
     * A build as JSON.
     *
     * @param facts of the build, as JSON; null if there are none
     * @param adapterVersion this program's
     */
    public static byte[] json(
            SessionReport report,
            GoInvocation build,
            @Nullable String facts,
            String adapterVersion) {
        JsonText json = new JsonText();
        json.string("module", build.module());
        json.string("command", build.commandName());
        json.string("goVersion", build.goVersion());
        json.string("platform", build.platform());
        json.string("adapterVersion", adapterVersion);
        json.string("ending", report.ending().word());
        json.number("durationMillis", report.durationNanos() / NANOS_PER_MILLI);
        json.number("waitMillis", report.waitNanos() / NANOS_PER_MILLI);
        json.number("localHits", report.get(Count.LOCAL_HITS));
        json.number("serviceHits", report.get(Count.SERVICE_HITS));
        json.number("misses", report.get(Count.MISSES));
        json.number("executed", report.get(Count.EXECUTED));
        json.number("executionMillis", report.get(Count.EXECUTION_NANOS) / NANOS_PER_MILLI);
        json.number("bytesFetched", report.get(Count.BYTES_FETCHED));
        json.number("bytesTransferred", report.get(Count.BYTES_TRANSFERRED));
        json.number("uploads", report.get(Count.UPLOADS));
        json.number("bytesUploaded", report.get(Count.BYTES_UPLOADED));
        json.number("unsent", report.unsent());
        json.number("serviceFailures", report.get(Count.SERVICE_FAILURES));
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
}
