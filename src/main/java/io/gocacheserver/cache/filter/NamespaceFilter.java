package io.gocacheserver.cache.filter;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The filter of one namespace's actions, which a list of them fills from time to time, at the largest size, and which is then
 * made as small as its actions allow. What is added meanwhile goes to the filter in use and to the one being filled.
 */
final class NamespaceFilter {

    /** The largest filter, which has room for 1.6 million actions; with more it errs more often. */
    static final int MAX_BYTES = 2 << 20;

    private static final long MIN_GLOBAL_ACTIONS = 100_000;
    private static final long MIN_ACTIONS = 800;

    /** A list that is older than this says too little of what other replicas have written since. */
    private static final Duration MAX_AGE = Duration.ofHours(3);

    /** Numbers the states of all filters, so that no two have the same. */
    private static final AtomicLong STATES = new AtomicLong();

    private final Namespace namespace;
    private ActionFilter current;
    private long actions;
    private @Nullable ActionFilter filling;
    private long fillingActions;
    private @Nullable Instant listed;
    private Instant due = Instant.MIN;
    private long state = STATES.incrementAndGet();
    private @Nullable Sent sent;

    record Sent(ActionFilter filter, long state) {}

    NamespaceFilter(Namespace namespace) {
        this.namespace = namespace;
        this.current = ActionFilter.forActions(minActions());
    }

    Namespace namespace() {
        return namespace;
    }

    synchronized void add(ActionId action) {
        if (current.add(action)) {
            actions++;
            state = STATES.incrementAndGet();
        }
        if (filling != null && filling.add(action)) {
            fillingActions++;
        }
    }

    synchronized @Nullable Sent toSend(Instant now) {
        if (!isComplete(now)) {
            return null;
        }
        Sent last = sent;
        if (last == null || last.state != state) {
            last = new Sent(current.copy(ActionFilter.bytesFor(actions)), state);
            sent = last;
        }
        return last;
    }

    synchronized boolean isComplete(Instant now) {
        return listed != null && !now.isBefore(listed) && now.isBefore(listed.plus(MAX_AGE));
    }

    /** Whether the actions are to be listed now, since that is long ago, or there are more than were foreseen. */
    synchronized boolean isDue(Instant now) {
        boolean tooMany =
                listed != null
                        && current.size() < MAX_BYTES
                        && ActionFilter.bytesFor(actions) > current.size();
        return tooMany || !now.isBefore(due) || (listed != null && now.isBefore(listed));
    }

    synchronized void postpone(Instant until) {
        due = until;
        filling = null;
    }

    /** Begins to fill another filter, or goes on with a saved one. */
    synchronized void beginFilling(@Nullable SavedFilter saved) {
        filling =
                saved == null
                        ? ActionFilter.of(new byte[MAX_BYTES])
                        : saved.filter().copy(MAX_BYTES);
        fillingActions = saved == null ? 0 : saved.actions();
    }

    synchronized void fill(Iterable<ActionId> found) {
        for (ActionId action : found) {
            if (filling != null && filling.add(action)) {
                fillingActions++;
            }
        }
    }

    synchronized void endFilling(Instant listedAt, Instant nextDue) {
        ActionFilter filled = filling;
        if (filled != null) {
            actions = fillingActions;
            int room = ActionFilter.bytesFor(Math.max(minActions(), 2 * actions));
            current = filled.copy(Math.min(MAX_BYTES, room));
            state = STATES.incrementAndGet();
            listed = listedAt;
            sent = null;
        }
        postpone(nextDue);
    }

    /** The filter being filled, up to a position in the list of the remote tier. */
    synchronized @Nullable SavedFilter unfinished(String position) {
        return filling == null
                ? null
                : new SavedFilter(filling.copy(MAX_BYTES), fillingActions, null, position);
    }

    /** The filter in use; null if the actions were never listed. */
    synchronized @Nullable SavedFilter finished() {
        return listed == null
                ? null
                : new SavedFilter(current.copy(MAX_BYTES), actions, listed, null);
    }

    synchronized boolean wasListed() {
        return listed != null;
    }

    synchronized long actions() {
        return actions;
    }

    synchronized int size() {
        return current.size();
    }

    private long minActions() {
        return namespace.isGlobal() ? MIN_GLOBAL_ACTIONS : MIN_ACTIONS;
    }

    /**
     * A filter as it is kept across restarts.
     *
     * @param listed when the remote tier was listed; null if that has not come to its end
     * @param position where that goes on, if it has not
     */
    record SavedFilter(
            ActionFilter filter,
            long actions,
            @Nullable Instant listed,
            @Nullable String position) {

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
}
