package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.explain.NamedBuild;
import io.gocacheserver.adapter.explain.PackageNames;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.remote.service.BuildsClient;
import io.gocacheserver.adapter.report.BuildFeed;
import io.gocacheserver.adapter.report.SentBuilds;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.session.UsedRecord;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;

/** A build of which the service is told. Made while the Go command may still be asked; told when nobody waits any more. */
final class ReportedBuild {

    private final Options options;
    private final GoInvocation invocation;
    private final SessionReport report;
    private final GoBuild build;
    private final String version;
    private final boolean isWhole;
    private final SentBuilds sent;

    private ReportedBuild(
            Options options, SessionReport report, GoBuild build, String version, boolean isWhole) {
        this.options = options;
        this.invocation = build.invocation(isWhole);
        this.report = report;
        this.build = build;
        this.version = version;
        this.isWhole = isWhole;
        this.sent = new SentBuilds(options.cacheDir(), InstantSource.system());
    }

    /**
     * A build that has ended, or null if there is nothing to tell.
     *
     * @param version the adapter's
     */
    static @Nullable ReportedBuild of(
            Options options, @Nullable SessionReport report, GoBuild build, String version) {
        if (!options.report().toService() || report == null || !BuildFeed.isWorthTelling(report)) {
            return null;
        }
        boolean gone = report.ending() == SessionReport.Ending.GONE;
        return new ReportedBuild(options, report, build, version, !gone);
    }

    /**
     * Tells of this build, and of earlier ones that the service did not take. What it does not take now is kept for the next
     * build. Blocks, for a second at most unless it takes them.
     */
    BuildsClient.Told tell(Backend backend) {
        byte[] json = BuildFeed.json(report, invocation, isWhole ? build.facts() : null, version);
        BuildsClient.Told told = backend.builds().tell(json);
        if (!told.delivered()) {
            sent.keep(json);
            return told;
        }
        if (told.id() > 0) {
            sent.took(told.id());
        }
        boolean delivered = true;
        for (byte[] earlier : sent.take()) {
            delivered = delivered && backend.builds().tell(earlier).delivered();
        }
        return told;
    }

    /**
     * Tells what the build's actions were for. Blocks for half a minute at most.
     *
     * @param id its number
     * @return the first causes of its misses, a line each; empty if nobody knows
     */
    String name(
            long id,
            PackageNames names,
            List<UsedRecord.Use> uses,
            NativeCache disk,
            Backend backend)
            throws InterruptedException {
        if (id == 0 || !isWhole || !options.report().namesPackages()) {
            return "";
        }
        names.learn(uses, invocation, disk.directory());
        byte[] packages =
                new NamedBuild(
                                names,
                                disk,
                                invocation.environment().getOrDefault("GOMODCACHE", ""),
                                uses)
                        .json();
        return packages == null ? "" : backend.builds().tellPackages(id, packages);
    }
}
