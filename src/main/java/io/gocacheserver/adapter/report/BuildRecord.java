package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.SessionListener.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which actions one build asked for or put, in that order, and what came of each. */
final class BuildRecord {

    /** Far above any build's: one of 1,000 packages has some 2,500. What comes beyond is not recorded. */
    static final int MAX_ACTIONS = 50_000;

    /** What came of an action; one character each, for the file. */
    enum Fate {
        LOCAL_HIT('l'),
        SERVICE_HIT('s'),
        /** Missed, and not put: a linked program, a test whose result is not kept, a build that failed. */
        MISS('m'),
        /** Missed, and then put. */
        MADE('p'),
        /** The service was not there to tell, and it was not put. */
        UNANSWERED('u'),
        /** The service was not there to tell, and it was put. */
        MADE_UNANSWERED('q');

        private final char letter;

        Fate(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }

        static @Nullable Fate of(char letter) {
            for (Fate fate : values()) {
                if (fate.letter == letter) {
                    return fate;
                }
            }
            return null;
        }
    }

    private final Map<String, Fate> fates = new LinkedHashMap<>();

    synchronized void got(String action, Outcome outcome) {
        Fate fate =
                outcome == Outcome.LOCAL_HIT
                        ? Fate.LOCAL_HIT
                        : outcome == Outcome.SERVICE_HIT
                                ? Fate.SERVICE_HIT
                                : outcome == Outcome.MISS ? Fate.MISS : Fate.UNANSWERED;
        // The first answer counts: later ones may find what this build has put.
        if (!fates.containsKey(action)) {
            set(action, fate);
        }
    }

    synchronized void put(String action) {
        boolean unanswered = fates.get(action) == Fate.UNANSWERED;
        set(action, unanswered ? Fate.MADE_UNANSWERED : Fate.MADE);
    }

    synchronized void set(String action, Fate fate) {
        if (fates.size() < MAX_ACTIONS || fates.containsKey(action)) {
            fates.put(action, fate);
        }
    }

    /** Null if the build had nothing to do with it. */
    synchronized @Nullable Fate fate(String action) {
        return fates.get(action);
    }

    /** The actions in their order; to be read when the build is over. */
    synchronized Set<Map.Entry<String, Fate>> actions() {
        return fates.entrySet();
    }

    synchronized int size() {
        return fates.size();
    }
}
