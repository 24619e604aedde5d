package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the cache did for all {@code go} commands of a CI job together, the slowest of them, and why packages missed. Thread-safe. */
public final class JobSummary {

    private static final int LONGEST_COMMAND = 100;

    /** Causes that are named. */
    private static final int CAUSES = 3;

    private final Map<String, Long> causes = new LinkedHashMap<>();
    private long waitNanos;
    private long savedMillis;
    private @Nullable String slowest;
    private long slowestNanos;

    /** Adds a command that has ended. */
    public synchronized void add(SessionReport report, GoInvocation build) {
        waitNanos += report.waitNanos();
        if (slowest == null || report.durationNanos() > slowestNanos) {
            String text = build.text();
            String line = text == null ? "go" : text.replaceAll("\\s+", " ");
            slowest =
                    line.length() <= LONGEST_COMMAND
                            ? line
                            : line.substring(0, LONGEST_COMMAND) + '…';
            slowestNanos = report.durationNanos();
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
     * What {@link StatsText#totals} does not say, in a line, and one for each cause.
     *
     * @param all the counters of all commands
     */
    public synchronized String lines(SessionReport all) {
        StringBuilder text = new StringBuilder(128);
        long gets = all.gets();
        text.append("hit rate ");
        text.append(gets == 0 ? "unknown" : 100 * (gets - all.get(Count.MISSES)) / gets + " %");
        text.append("; ").append(StatsText.seconds(waitNanos)).append(" s waiting for gets");
        if (savedMillis >= 1_000) {
            // Several actions run at once, so that a build is not slower by as much without them.
            text.append("; about ").append(savedMillis / 1_000).append(" s of work saved");
        }
        if (slowest != null) {
            text.append("; slowest: ").append(slowest).append(" (");
            text.append(StatsText.seconds(slowestNanos)).append(" s)");
        }
        causes.forEach(
                (cause, followers) -> {
                    text.append("\nmissed: ").append(cause);
                    if (followers > 0) {
                        text.append(" (and ").append(followers).append(" that follow from it)");
                    }
                });
        return text.toString();
    }
}
