package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.operations.ByteCount;
import io.gocacheserver.operations.Tags;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import java.time.Instant;
import java.util.List;

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

    static OnDisk of(OutputId output, Content content, @Nullable Instant time, List<Entry> writes) {
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
