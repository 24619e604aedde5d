package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.SessionReport;

import java.io.IOException;
import java.time.InstantSource;

/** Carries out what {@link Options.Report} asks for. Made only if it asks for something ({@code version}: the adapter's). */
public record BuildReport(
        Options options,
        GoInvocation build,
        String version,
        Reporter reporter,
        InstantSource clock) {

    /** A session has ended. */
    public void ended(SessionReport report) {
        if (options.report().stats() || options.report().verbose()) {
            reporter.say(StatsText.line(report));
        }
        String file = options.report().statsFile();
        if (file != null) {
            try {
                FailureLog.append(file, BuildJson.line(report, this, clock.millis()));
            } catch (IOException e) {
                reporter.warn("cannot write statistics to " + file + ": " + e.getMessage());
            }
        }
    }
}
