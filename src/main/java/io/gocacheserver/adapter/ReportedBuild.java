package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.remote.service.BuildsClient;
import io.gocacheserver.adapter.report.BuildReport;
import io.gocacheserver.adapter.report.NamedBuild;
import io.gocacheserver.adapter.report.PackageNames;
import io.gocacheserver.adapter.report.SentBuilds;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.session.UsedRecord;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;

/** A build of which the service is told. Made while the Go command, unless it is gone, may still be asked; told when nobody waits any more. */
record ReportedBuild(
        Options options,
        SessionReport report,
        GoBuild build,
        GoInvocation invocation,
        boolean isWhole) {

    /** A build that has ended, or null if there is nothing to tell. */
    static @Nullable ReportedBuild of(
            Options options, @Nullable SessionReport report, GoBuild build) {
        if (!options.report().toService()
                || report == null
                || !BuildReport.isWorthTelling(report)) {
            return null;
        }
        boolean isWhole = report.ending() != SessionReport.Ending.GONE;
        return new ReportedBuild(options, report, build, build.invocation(isWhole), isWhole);
    }

    /**
     * Tells of this build, and of earlier ones that the service did not take. What it does not take now is kept for the next
     * build. Blocks, for a second at most unless it takes them.
     */
    BuildsClient.Told tell(Backend backend, String version) {
        SentBuilds sent = new SentBuilds(options.cacheDir(), InstantSource.system());
        byte[] json =
                BuildReport.forService(
                        report,
                        invocation,
                        isWhole ? build.facts() : null,
                        version,
                        build.traceparent());
        BuildsClient.Told told = backend.builds().tell(json);
        if (!told.delivered()) {
            sent.keep(json);
            return told;
        }
        if (told.id() > 0) {
            sent.took(told.id());
        }
        for (byte[] earlier : sent.take()) {
            if (!backend.builds().tell(earlier).delivered()) {
                break;
            }
        }
        return told;
    }

    /**
     * Tells what the actions of the build of this number were for, for half a minute at most. The first causes of its misses, a line
     * each; empty if nobody knows.
     */
    String name(
            long id,
            PackageNames names,
            List<UsedRecord.Use> uses,
            NativeCache disk,
            Backend backend) {
        if (id == 0 || !isWhole || !options.report().namesPackages()) {
            return "";
        }
        names.learn(uses, invocation, disk.directory());
        String modules = invocation.environment().getOrDefault("GOMODCACHE", "");
        byte[] packages = new NamedBuild(names, disk, modules, uses).json();
        return packages == null ? "" : backend.builds().tellPackages(id, packages);
    }
}
