package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.SessionListener.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The actions that one build asked for or put, in that order, with the outcome of each. */
final class BuildRecord {

    /** Far above any build's: one of 1,000 packages has some 2,500. Further actions are not recorded. */
    static final int MAX_ACTIONS = 50_000;

    /** The outcome of an action; one character each, for the file. */
    enum ActionOutcome {
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

        ActionOutcome(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }

        static @Nullable ActionOutcome of(char letter) {
            for (ActionOutcome result : values()) {
                if (result.letter == letter) {
                    return result;
                }
            }
            return null;
        }
    }

    private final Map<String, ActionOutcome> outcomes = new LinkedHashMap<>();

    synchronized void got(String action, Outcome outcome) {
        ActionOutcome result =
                outcome == Outcome.LOCAL_HIT
                        ? ActionOutcome.LOCAL_HIT
                        : outcome == Outcome.SERVICE_HIT
                                ? ActionOutcome.SERVICE_HIT
                                : outcome == Outcome.MISS
                                        ? ActionOutcome.MISS
                                        : ActionOutcome.UNANSWERED;
        // The first answer counts: later ones may find what this build has put.
        if (!outcomes.containsKey(action)) {
            set(action, result);
        }
    }

    synchronized void put(String action) {
        boolean unanswered = outcomes.get(action) == ActionOutcome.UNANSWERED;
        set(action, unanswered ? ActionOutcome.MADE_UNANSWERED : ActionOutcome.MADE);
    }

    synchronized void set(String action, ActionOutcome result) {
        if (outcomes.size() < MAX_ACTIONS || outcomes.containsKey(action)) {
            outcomes.put(action, result);
        }
    }

    /** Null if the build had nothing to do with it. */
    synchronized @Nullable ActionOutcome result(String action) {
        return outcomes.get(action);
    }

    /** The actions in their order; to be read when the build is over. */
    synchronized Set<Map.Entry<String, ActionOutcome>> actions() {
        return outcomes.entrySet();
    }

    synchronized int size() {
        return outcomes.size();
    }
}
