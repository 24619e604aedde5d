package io.gocacheserver.cache;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.OutputId;

import java.util.List;
import java.util.stream.Stream;

/**
 * The result of a purge.
 *
 * @param kind whether the ID is one of an action or of an output
 * @param id in hex
 * @param actions removed from disk
 * @param objects removed from disk
 * @param remote what was done in the remote tier and what was not, for people
 * @param failures what was not done; empty if all was
 */
public record Purged(
        String kind,
        String id,
        List<ActionKey> actions,
        List<OutputId> objects,
        String remote,
        List<String> failures) {

    /** Whether nothing is left behind that this replica knew of. */
    public boolean isComplete() {
        return failures.isEmpty();
    }

    Purged withFailure(String failure) {
        List<String> all = Stream.concat(failures.stream(), Stream.of(failure)).toList();
        return new Purged(kind, id, actions, objects, remote, all);
    }
}
