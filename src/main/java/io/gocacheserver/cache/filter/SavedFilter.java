package io.gocacheserver.cache.filter;

import io.gocacheserver.model.ActionFilter;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A filter as it is kept across restarts.
 *
 * @param listed when the remote tier was listed; null if that has not come to its end
 * @param position where that goes on, if it has not
 */
record SavedFilter(
        ActionFilter filter, long actions, @Nullable Instant listed, @Nullable String position) {

    private static final long UNFINISHED = -1;

    byte[] encoded() {
        byte[] key = position == null ? new byte[0] : position.getBytes(StandardCharsets.UTF_8);
        byte[] bits = new byte[filter.size()];
        filter.copyTo(bits, 0);
        return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + key.length + bits.length)
                .putLong(listed == null ? UNFINISHED : listed.toEpochMilli())
                .putLong(actions)
                .putInt(key.length)
                .put(key)
                .put(bits)
                .array();
    }

    /** Null if these are no such bytes. */
    static @Nullable SavedFilter decode(byte[] encoded) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(encoded);
            long listed = buffer.getLong();
            long actions = buffer.getLong();
            byte[] key = new byte[Math.clamp(buffer.getInt(), 0, buffer.remaining())];
            buffer.get(key);
            byte[] bits = new byte[buffer.remaining()];
            buffer.get(bits);
            return new SavedFilter(
                    ActionFilter.of(bits),
                    actions,
                    listed == UNFINISHED ? null : Instant.ofEpochMilli(listed),
                    key.length == 0 ? null : new String(key, StandardCharsets.UTF_8));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }
}
