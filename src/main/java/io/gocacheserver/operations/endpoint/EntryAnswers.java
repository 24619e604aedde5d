package io.gocacheserver.operations.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.gocacheserver.cache.Purger.Purged;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.operations.Overview.ByteCount;
import io.gocacheserver.operations.Tags;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import java.time.Instant;
import java.util.List;

/** What is said of entries and of their removal. */
final class EntryAnswers {

    private EntryAnswers() {}

    /**
     * The disk tier's record of an object.
     *
     * @param output ID of the object
     * @param where {@code index} or {@code file}
     * @param time when its action was put; nothing if it was not asked for by action
     * @param writes the action in each namespace that has it, or the actions that lead to the object, and who put them
     */
    record OnDisk(
            String output,
            ByteCount size,
            ByteCount stored,
            String coding,
            String where,
            @Nullable Instant time,
            List<Write> writes)
            implements OperationResponseBody {

        static OnDisk of(
                OutputId output, Content content, @Nullable Instant time, List<Entry> writes) {
            return new OnDisk(
                    output.hex(),
                    ByteCount.of(content.size()),
                    ByteCount.of(content.storedSize()),
                    Tags.of(content.coding()),
                    content instanceof Content.InMemory ? "index" : "file",
                    time,
                    writes.stream().map(Write::of).toList());
        }
    }

    /** An action, and who put it as far as that is known. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Write(
            String action,
            String namespace,
            String output,
            Instant time,
            @Nullable String token,
            @Nullable String issuer,
            @Nullable String subject,
            @Nullable String repository,
            @Nullable String ref,
            @Nullable String run,
            @Nullable String address) {

        static Write of(Entry entry) {
            Provenance by = entry.by();
            return new Write(
                    entry.action().hex(),
                    entry.key().namespace().name(),
                    entry.output().hex(),
                    entry.time(),
                    by.token(),
                    by.issuer(),
                    by.subject(),
                    by.repository(),
                    by.ref(),
                    by.run(),
                    by.address());
        }
    }

    /** The entries of a writer, latest first; perhaps only the first of it. */
    record Writes(List<Write> writes, boolean complete) implements OperationResponseBody {}

    /** The result of a purge. Copies on the disks of other replicas stay; the first ten thousand IDs are named. */
    record Removed(
            String kind,
            String id,
            int actionsRemoved,
            int objectsRemoved,
            List<String> actions,
            List<String> objects,
            String remote)
            implements OperationResponseBody {

        static Removed of(Purged result) {
            return new Removed(
                    result.kind(),
                    result.id(),
                    result.actionsRemoved(),
                    result.objectsRemoved(),
                    result.actions().stream().map(Object::toString).toList(),
                    result.objects().stream().map(Object::toString).toList(),
                    result.remote());
        }
    }
}
