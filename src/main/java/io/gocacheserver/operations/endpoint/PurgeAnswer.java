package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.purge.Purged;
import io.gocacheserver.wire.ProblemType;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import java.util.List;

/**
 * What a purge has done, for the one who asked for it. What is on the disks of other replicas stays there.
 *
 * @param actionsRemoved how many actions were removed from disk
 * @param objectsRemoved how many objects were removed from disk
 * @param actions IDs of these actions, of the first ten thousand if there are more
 * @param objects output IDs of these objects, likewise
 * @param remote what became of it in S3
 */
record PurgeAnswer(
        String kind,
        String id,
        int actionsRemoved,
        int objectsRemoved,
        List<String> actions,
        List<String> objects,
        String remote)
        implements OperationResponseBody {

    static PurgeAnswer of(Purged result) {
        return new PurgeAnswer(
                result.kind(),
                result.id(),
                result.actionsRemoved(),
                result.objectsRemoved(),
                result.actions().stream().map(Object::toString).toList(),
                result.objects().stream().map(Object::toString).toList(),
                result.remote());
    }

    /** The problem if something was not done: with the disk if that is all, else with S3. */
    static ProblemType problem(List<String> failures) {
        return failures.stream().allMatch(failure -> failure.contains("[disk]"))
                ? ProblemType.DISK_FULL
                : ProblemType.S3_ERROR;
    }

    /** What was done and what was not, in one sentence. */
    String incomplete(List<String> failures) {
        return "not complete: removed from disk %d actions and %d objects; S3: %s; not done: %s"
                .formatted(actionsRemoved, objectsRemoved, remote, String.join("; ", failures));
    }
}
