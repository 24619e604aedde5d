package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.model.ByteSize;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All {@code go} commands of a CI job together: what the cache did for them, the slowest of them, and why packages missed. In a line
 * for logs, and as a table in Markdown. Thread-safe.
 */
public final class JobSummary {

    private static final int LONGEST_COMMAND = 100;

    /** Causes that are named. */
    private static final int CAUSES = 3;

    private final Map<String, Long> causes = new LinkedHashMap<>();
    private long waitNanos;
    private long savedMillis;
    private @Nullable Command slowest;

    /** Adds a command that has ended. */
    public synchronized void add(SessionReport report, BuildContext context) {
        waitNanos += report.waitNanos();
        Command command = new Command(nameOf(context), report);
        if (slowest == null || report.durationNanos() > slowest.report.durationNanos()) {
            slowest = command;
        }
    }

    /** Adds work that hits of the service have spared, by its own estimate. */
    public synchronized void addSaved(long millis) {
        savedMillis += millis;
    }

    /** Adds causes of misses, a line each of how many packages follow from it, the package and the reason, with tabs between. */
    public synchronized void addCauses(String lines) {
        for (String line : lines.split("\n")) {
            String[] parts = line.split("\t", 3);
            if (parts.length == 3) {
                long followers = Long.parseLong(parts[0]);
                causes.merge(parts[1] + ": " + parts[2], followers, Math::max);
            }
        }
        while (causes.size() > CAUSES) {
            causes.remove(
                    Collections.min(causes.entrySet(), Map.Entry.comparingByValue()).getKey());
        }
    }

    /**
     * What {@link BuildReport#totals} does not say.
     *
     * @param all the counters of all commands
     */
    public synchronized String line(SessionReport all) {
        StringBuilder text = new StringBuilder(128);
        text.append("hit rate ").append(hitRate(all)).append("; ");
        text.append(StatsText.seconds(waitNanos)).append(" s waiting for gets");
        if (savedMillis > 0) {
            text.append("; ").append(saved()).append(" saved");
        }
        if (slowest != null) {
            text.append("; slowest: ").append(slowest.name).append(" (");
            text.append(slowest.duration()).append(')');
        }
        causes.forEach(
                (cause, followers) -> text.append("\nmissed: ").append(with(cause, followers)));
        return text.toString();
    }

    private static String with(String cause, long followers) {
        return followers == 0 ? cause : cause + " (and " + followers + " that follow from it)";
    }

    /**
     * The whole, as some ten lines, the last one ended.
     *
     * @param commands how many there were
     * @param all their counters
     */
    public synchronized String markdown(long commands, SessionReport all) {
        StringBuilder text = new StringBuilder(512);
        text.append("\n| Go build cache | |\n|---|---|\n");
        row(text, "`go` commands", Long.toString(commands));
        row(
                text,
                "Gets",
                "%d: %d from the local disk, %d from the service, %d missed"
                        .formatted(
                                all.gets(),
                                all.get(Count.LOCAL_HITS),
                                all.get(Count.SERVICE_HITS),
                                all.get(Count.MISSES)));
        row(text, "Hit rate", hitRate(all));
        row(text, "Waiting for gets", StatsText.seconds(waitNanos) + " s");
        row(
                text,
                "Bytes",
                "fetched "
                        + StatsText.transferred(all)
                        + "; uploaded "
                        + ByteSize.format(all.get(Count.BYTES_UPLOADED)));
        row(text, "Time saved", savedMillis > 0 ? saved() : "not known");
        if (slowest != null) {
            row(text, "Slowest", slowest.inMarkdown() + ", " + slowest.duration());
        }
        causes.forEach((cause, followers) -> row(text, "Missed", cell(with(cause, followers))));
        String failures = StatsText.failures(all);
        row(text, "Failed", failures == null ? "nothing" : cell(failures));
        return text.append('\n').toString();
    }

    /** Several actions run at once, so that a build is not slower by as much without them. */
    private String saved() {
        String seconds =
                savedMillis < 10_000
                        ? StatsText.seconds(savedMillis * 1_000_000)
                        : Long.toString(savedMillis / 1_000);
        return "about " + seconds + " s of work";
    }

    private static String hitRate(SessionReport report) {
        long gets = report.gets();
        return gets == 0 ? "unknown" : 100 * (gets - report.get(Count.MISSES)) / gets + " %";
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    /** Text that stays within its cell. */
    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    private static String nameOf(BuildContext context) {
        String text = context.commandText();
        if (text == null) {
            return "go";
        }
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= LONGEST_COMMAND ? line : line.substring(0, LONGEST_COMMAND) + '…';
    }

    private record Command(String name, SessionReport report) {

        String inMarkdown() {
            return '`' + cell(name.replace('`', '\'')) + '`';
        }

        String duration() {
            return StatsText.seconds(report.durationNanos()) + " s";
        }
    }
}
