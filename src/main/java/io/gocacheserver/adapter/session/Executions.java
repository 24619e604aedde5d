package io.gocacheserver.adapter.session;

import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long the Go command took for what no cache had: from the answer to its Get to the Put of the same action, in between it
 * compiles, or tests. Thread-safe.
 */
final class Executions {

    private final Map<ActionId, Long> missed = new ConcurrentHashMap<>();
    private final Tally tally;

    Executions(Tally tally) {
        this.tally = tally;
    }

    /** No cache has this action: the Go command begins with it. */
    void begin(ActionId action) {
        missed.putIfAbsent(action, System.nanoTime());
    }

    /** It has done so; nothing happens if it has not asked before. */
    void end(ActionId action) {
        @Nullable Long begun = missed.remove(action);
        if (begun != null) {
            tally.add(Count.EXECUTED);
            tally.add(Count.EXECUTION_NANOS, System.nanoTime() - begun);
        }
    }
}
