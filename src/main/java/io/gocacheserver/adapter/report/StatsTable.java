package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.text.ByteSize;

import org.jspecify.annotations.Nullable;

/** The statistics of a build, as a small table in Markdown, for the summary of a job of GitHub Actions. */
final class StatsTable {

    private StatsTable() {}

    /** Some ten lines, the last one ended. */
    static String markdown(SessionReport report, BuildContext context) {
        StringBuilder text = new StringBuilder(512);
        String command = context.commandText();
        text.append("\n**Go build cache**");
        text.append(command == null ? "" : ": `" + command.replace("`", "'") + '`');
        text.append("\n\n| gets | local hits | service hits | misses | fetched | uploaded |");
        text.append(" waited for gets |\n|---:|---:|---:|---:|---:|---:|---:|\n| ");
        text.append(report.gets()).append(" | ");
        text.append(report.get(Count.LOCAL_HITS)).append(" | ");
        text.append(report.get(Count.SERVICE_HITS)).append(" | ");
        text.append(report.get(Count.MISSES)).append(" | ");
        text.append(StatsText.transferred(report)).append(" | ");
        text.append(report.get(Count.UPLOADS)).append(" objects, ");
        text.append(ByteSize.format(report.get(Count.BYTES_UPLOADED))).append(" | ");
        text.append(StatsText.seconds(report.waitNanos())).append(" s |\n");
        long unsent = report.unsent();
        if (unsent > 0) {
            text.append("\nNot uploaded: ").append(unsent).append('\n');
        }
        failure(text, "The service failed", report.lastServiceFailure());
        failure(text, "The cache directory failed", report.lastDiskFailure());
        return text.append('\n').toString();
    }

    private static void failure(StringBuilder text, String what, @Nullable String reason) {
        if (reason != null) {
            text.append("\n> ").append(what).append(": ").append(reason.replace('\n', ' '));
            text.append('\n');
        }
    }
}
