package io.gocacheserver.adapter.session;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The actions that a build used, in the order of first use, with the outcome of each. */
public final class UsedRecord {

    /** Actions that a service keeps of one build by default; the first are those that the next build waits for first. */
    private static final int MOST = 32_768;

    private final Map<ActionId, Use> uses = new LinkedHashMap<>();
    private int puts;
    private boolean onlyLocal = true;

    /** What came of a Get. */
    public enum Outcome {
        /** Nothing yet, or no Get came before the Put. */
        NONE,
        /** Nobody had it. */
        MISS,
        /** The service had it. */
        HIT,
        /** The local disk had it. */
        LOCAL,
        /** The service failed, or was not asked. */
        UNANSWERED
    }

    /**
     * One action.
     *
     * @param put which Put of the build it was, from 1; 0 if it was not put
     */
    public record Use(ActionId action, Outcome outcome, int put) {

        /** Whether a cache had it. */
        public boolean isHit() {
            return outcome == Outcome.HIT || outcome == Outcome.LOCAL;
        }

        /** Whether the local disk has it now: of what missed and was not put nothing is known. */
        public boolean isThere() {
            return put > 0 || isHit();
        }
    }

    /** A get has begun; its outcome may follow later, but its place in the order is this. */
    synchronized void asked(ActionId action) {
        note(action, Outcome.NONE);
    }

    /** What came of a Get. */
    synchronized void came(ActionId action, Outcome outcome) {
        onlyLocal &= outcome != Outcome.HIT;
        note(action, outcome);
    }

    /** The Go command has put it. */
    synchronized void put(ActionId action) {
        onlyLocal = false;
        note(action, Outcome.NONE);
        uses.computeIfPresent(action, (_, use) -> new Use(action, use.outcome(), ++puts));
    }

    /** Whether the local disk had all that was asked for, so that the build says little that is new. */
    synchronized boolean isOnlyLocal() {
        return onlyLocal;
    }

    /** All that had a result, as the service notes it for the next build. */
    synchronized List<UsedActions.Use> results() {
        List<UsedActions.Use> results = new ArrayList<>(uses.size());
        for (Use use : uses.values()) {
            boolean hit = use.outcome() == Outcome.HIT;
            if (use.isThere()) {
                int result = hit ? UsedActions.HIT : UsedActions.LOCAL;
                results.add(
                        new UsedActions.Use(
                                use.action(), use.put() > 0 ? UsedActions.PUT : result));
            }
        }
        return results;
    }

    public synchronized List<Use> all() {
        return List.copyOf(uses.values());
    }

    /** The first answer counts: a later Get of the same action finds what the first has brought. */
    private void note(ActionId action, Outcome outcome) {
        Use before = uses.get(action);
        if (before == null && uses.size() >= MOST) {
            return;
        }
        if (before == null
                || before.outcome() == Outcome.NONE
                || (outcome == Outcome.HIT && before.outcome() == Outcome.UNANSWERED)) {
            uses.put(action, new Use(action, outcome, before == null ? 0 : before.put()));
        }
    }
}
