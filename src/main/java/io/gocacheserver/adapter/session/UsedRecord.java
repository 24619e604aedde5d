package io.gocacheserver.adapter.session;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The actions that a build used, in the order of first use, with the outcome of each. */
final class UsedRecord {

    /** Actions that a service keeps of one build by default; the first are those that the next build waits for first. */
    private static final int MOST = 32_768;

    private final Map<ActionId, Integer> outcomes = new LinkedHashMap<>();
    private int idLength;
    private boolean onlyLocal = true;

    /** A get has begun; its outcome may follow later, but its place in the order is this. */
    synchronized void asked(ActionId action) {
        note(action, UsedActions.MISS);
    }

    /** The local disk had it. */
    synchronized void local(ActionId action) {
        note(action, UsedActions.LOCAL);
    }

    /** The service had it. */
    synchronized void hit(ActionId action) {
        onlyLocal = false;
        note(action, UsedActions.HIT);
    }

    /** The Go command has put it. */
    synchronized void put(ActionId action) {
        onlyLocal = false;
        note(action, UsedActions.PUT);
    }

    /** Whether the local disk had all that was asked for, so that the build says little that is new. */
    synchronized boolean isOnlyLocal() {
        return onlyLocal;
    }

    /** All that had a result. */
    synchronized List<UsedActions.Use> uses() {
        List<UsedActions.Use> uses = new ArrayList<>(outcomes.size());
        for (Map.Entry<ActionId, Integer> entry : outcomes.entrySet()) {
            if (entry.getValue() != UsedActions.MISS) {
                uses.add(new UsedActions.Use(entry.getKey(), entry.getValue()));
            }
        }
        return uses;
    }

    private void note(ActionId action, int outcome) {
        // The message has IDs of one length; cmd/go's are.
        int length = action.hex().length();
        if (outcomes.isEmpty()) {
            idLength = length;
        }
        if (length != idLength || (outcomes.size() >= MOST && !outcomes.containsKey(action))) {
            return;
        }
        Integer before = outcomes.get(action);
        // A put says more than the get after it, and a hit more than a later one that is local.
        if (before == null || before == UsedActions.MISS || outcome == UsedActions.PUT) {
            outcomes.put(action, outcome);
        }
    }
}
