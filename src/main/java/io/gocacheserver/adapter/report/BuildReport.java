package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.SessionReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.InstantSource;

/** Carries out what {@link Options.Report} asks for. Made only if it asks for something. */
public final class BuildReport {

    private final Options.Report wanted;
    private final BuildContext context;
    private final Reporter reporter;
    private final InstantSource clock;

    /** The statistics of several builds, in one line. */
    public static String totals(SessionReport report) {
        return StatsText.totals(report);
    }

    /** The failures of several builds, in one line, or null if there were none. */
    public static @Nullable String failures(SessionReport report) {
        return StatsText.failures(report);
    }

    /** @param reporter says what is wanted */
    public BuildReport(
            Options.Report wanted, BuildContext context, Reporter reporter, InstantSource clock) {
        this.wanted = wanted;
        this.context = context;
        this.reporter = reporter;
        this.clock = clock;
    }

    /** A session has ended. */
    public void ended(SessionReport report) {
        if (wanted.stats() || wanted.verbose()) {
            reporter.say(StatsText.line(report));
        }
        String file = wanted.statsFile();
        if (file != null) {
            append(file, StatsJson.line(report, context, clock.millis()));
        }
    }

    private void append(String file, String text) {
        try {
            AppendedFile.append(file, text);
        } catch (IOException e) {
            reporter.warn("cannot write statistics to " + file + ": " + e.getMessage());
        }
    }
}
