package io.gocacheserver.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest builds that were reported to this replica, in memory and bounded. Thread-safe. */
final class LatestBuilds {

    private final int most;
    private final Deque<ReportedBuild> builds = new ArrayDeque<>();

    /**
     * @param most builds that are kept
     */
    LatestBuilds(int most) {
        this.most = most;
    }

    synchronized void add(ReportedBuild build) {
        builds.addFirst(build);
        while (builds.size() > most) {
            builds.removeLast();
        }
    }

    /** Newest first. */
    synchronized List<ReportedBuild> all() {
        return List.copyOf(builds);
    }
}
