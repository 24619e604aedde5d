package io.gocacheserver.cache;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.OutputId;

import java.util.List;
import java.util.stream.Stream;

/**
 * The result of a purge, of bounded size however much was removed.
 *
 * @param kind whether the ID is one of an action or of an output
 * @param actions removed from disk; the first {@value #MAX_NAMED} of them if there are more
 * @param failures what was not done; empty if nothing is left behind that this replica knew of
 */
public record Purged(
        String kind,
        String id,
        int actionsRemoved,
        int objectsRemoved,
        List<ActionKey> actions,
        List<OutputId> objects,
        String remote,
        List<String> failures) {

    static final int MAX_NAMED = 10_000;

    public boolean isComplete() {
        return failures.isEmpty();
    }

    Purged withFailure(String failure) {
        List<String> all = Stream.concat(failures.stream(), Stream.of(failure)).toList();
        return new Purged(kind, id, actionsRemoved, objectsRemoved, actions, objects, remote, all);
    }
}
