package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.report.BuildRecord.ActionOutcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Why a build had misses, as far as its action IDs and those of the last build tell.
 *
 * <p>An action ID is a hash over everything that goes into a result: sources, flags, tools, dependencies, without {@code
 * -trimpath} also the directory. So a new ID says that one of these has changed, but not which one; that is guessed from
 * the settings that cmd/go shows its helpers. The standard library's IDs depend on tools and flags alone: where those miss
 * too, no source of the program is to blame.
 */
final class Comparison {

    /** Fewer misses than this need no advice. */
    private static final int MANY = 20;

    private final @Nullable StoredBuild last;
    private final StoredBuild now;
    private int gets;
    private int fresh;
    private int freshNotMade;
    private int gone;
    private int madeLastTime;
    private int missedAgain;
    private int unanswered;

    Comparison(@Nullable StoredBuild last, StoredBuild now) {
        this.last = last;
        this.now = now;
        for (Map.Entry<String, ActionOutcome> action : now.record().actions()) {
            count(action.getValue(), last == null ? null : last.record().result(action.getKey()));
        }
    }

    private void count(ActionOutcome result, @Nullable ActionOutcome before) {
        gets++;
        if (result == ActionOutcome.LOCAL_HIT || result == ActionOutcome.SERVICE_HIT) {
            return;
        }
        if (result == ActionOutcome.UNANSWERED || result == ActionOutcome.MADE_UNANSWERED) {
            unanswered++;
        } else if (before == null) {
            fresh++;
            freshNotMade += result == ActionOutcome.MISS ? 1 : 0;
        } else if (before == ActionOutcome.LOCAL_HIT || before == ActionOutcome.SERVICE_HIT) {
            gone++;
        } else if (before == ActionOutcome.MADE || before == ActionOutcome.MADE_UNANSWERED) {
            madeLastTime++;
        } else {
            missedAgain++;
        }
    }

    /** The explanation, line by line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        int misses = fresh + gone + madeLastTime + missedAgain + unanswered;
        String head = "explain: " + misses + " of " + gets + " actions were not cached";
        StoredBuild before = last;
        if (before == null) {
            lines.add(head + "; no earlier build to compare with, the next one will have this one");
            add(lines, unanswered, "the service failed or was not asked");
            return lines;
        }
        if (misses == 0) {
            lines.add(head);
            return lines;
        }
        lines.add(
                head + "; compared with the last '" + before.command() + "'" + place(before) + ":");
        add(lines, fresh, "new: sources, flags, tools or dependencies have changed" + notMade());
        add(lines, gone, "found then and gone now: trimmed here, evicted in the service");
        add(
                lines,
                madeLastTime,
                "made by that build and gone now: not uploaded then, or removed since");
        add(
                lines,
                missedAgain,
                "missed then too, and not kept: linked programs and the like, which is normal");
        add(lines, unanswered, "not known: the service failed or was not asked");
        lines.addAll(advice(before));
        return lines;
    }

    private String place(StoredBuild before) {
        return before.directory().equals(now.directory()) ? " here" : " in " + before.directory();
    }

    private String notMade() {
        return freshNotMade == 0
                ? ""
                : " (" + freshNotMade + " not kept by the Go command, like linked programs)";
    }

    private List<String> advice(StoredBuild before) {
        List<String> lines = new ArrayList<>();
        if (fresh == 0) {
            return lines;
        }
        boolean told = differences(before, lines);
        boolean moved = !before.directory().equals(now.directory()) && !now.trimsPaths();
        if (moved) {
            lines.add(
                    "explain: built in another directory without -trimpath, so every package of the"
                            + " program is new: set GOFLAGS=-trimpath");
        }
        boolean everything = fresh >= MANY && fresh * 10L >= gets * 9L;
        if (everything && !told && !moved) {
            lines.add(
                    "explain: everything is new, the standard library too, though Go's version and"
                            + " settings are the same: look for flags in the command (-race, -cover,"
                            + " -gcflags, -ldflags), another C compiler, or another build of Go");
        }
        return lines;
    }

    /** Adds a line for each setting that differs; whether there is one. */
    private boolean differences(StoredBuild before, List<String> lines) {
        int size = lines.size();
        if (!before.command().equals(now.command())) {
            differs(lines, "the command", before.command(), now.command());
        }
        Set<String> names = new TreeSet<>(before.settings().keySet());
        names.addAll(now.settings().keySet());
        for (String name : names) {
            if (!before.setting(name).equals(now.setting(name))) {
                differs(lines, name, before.setting(name), now.setting(name));
            }
        }
        return lines.size() > size;
    }

    private static void differs(List<String> lines, String what, String then, String now) {
        lines.add("explain: " + what + " was '" + then + "', is '" + now + "'");
    }

    private static void add(List<String> lines, int count, String what) {
        if (count > 0) {
            lines.add("explain: " + count + " " + what);
        }
    }
}
