package io.gocacheserver.operations;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Removes from every tier what must not be served any more, and keeps a record of who did it. */
interface Purging {

    /**
     * Removes an action, and its object if no other action leads to that.
     *
     * @param by who says to do it
     * @param from where the request came from
     */
    Result purge(ActionId action, String by, String from, @Nullable String reason);

    /** Removes an object, and every action on disk that leads to it. */
    Result purge(OutputId output, String by, String from, @Nullable String reason);

    /**
     * What was done.
     *
     * @param kind whether the ID is one of an action or of an output
     * @param id in hex
     * @param actions removed from disk
     * @param objects removed from disk
     * @param remote what became of it in the remote tier, for people
     * @param failures what was not done; empty if all was
     */
    record Result(
            String kind,
            String id,
            List<ActionId> actions,
            List<OutputId> objects,
            String remote,
            List<String> failures) {}
}
