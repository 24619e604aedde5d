package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.report.BuildFeed;
import io.gocacheserver.adapter.session.SessionReport;

import org.jspecify.annotations.Nullable;

/** A build of which the service is told. Made while the Go command may still be asked; told when nobody waits any more. */
final class ReportedBuild {

    private final SessionReport report;
    private final GoInvocation invocation;
    private final String version;

    private ReportedBuild(SessionReport report, GoInvocation invocation, String version) {
        this.report = report;
        this.invocation = invocation;
        this.version = version;
    }

    /** A build that has ended, or null if there is nothing to tell ({@code version}: the adapter's). */
    static @Nullable ReportedBuild of(
            Options options, @Nullable SessionReport report, GoBuild build, String version) {
        if (!options.report().toService() || report == null || !BuildFeed.isWorthTelling(report)) {
            return null;
        }
        boolean gone = report.ending() == SessionReport.Ending.GONE;
        return new ReportedBuild(report, build.invocation(!gone), version);
    }

    /** Blocks, for a second at most; milliseconds of work that the build was spared, or 0 if nobody knows. */
    long tell(Backend backend) {
        return backend.builds().tell(BuildFeed.json(report, invocation, version));
    }
}
