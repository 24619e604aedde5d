package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.Purged;
import io.gocacheserver.wire.ProblemType;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import java.util.List;

/**
 * The result of a purge, for its caller. Copies on the disks of other replicas stay.
 *
 * @param actionsRemoved how many actions were removed from disk
 * @param objectsRemoved how many objects were removed from disk
 * @param actions IDs of these actions, of the first ten thousand if there are more
 * @param objects output IDs of these objects, likewise
 * @param remote the result in S3
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

    /** The result in one sentence. */
    String incomplete(List<String> failures) {
        return "not complete: removed from disk %d actions and %d objects; S3: %s; not done: %s"
                .formatted(actionsRemoved, objectsRemoved, remote, String.join("; ", failures));
    }
}
