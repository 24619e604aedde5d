package io.gocacheserver.wire;

import static io.gocacheserver.wire.BigEndian.u8;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The answer to {@code GET /filter}: filters of the actions that the service has, one for each namespace that the client
 * reads. An action that is in none of them is a miss. A service that does not know all that it has sends no filters.
 *
 * <pre>
 * 4       "GCF1"
 * u8      1: complete; 0: nothing follows
 * u8      number n of filters
 * n × (u8 e, 2^e bytes)   a filter
 * </pre>
 */
public record FilterAnswer(boolean complete, List<ActionFilter> filters) {

    public static final int MAX_FILTERS = 64;
    public static final int MAX_FILTER_BYTES = 2 << 20;

    private static final byte[] MAGIC = {'G', 'C', 'F', '1'};
    private static final int HEAD_BYTES = MAGIC.length + 2;
    public static final int MAX_BYTES = HEAD_BYTES + MAX_FILTERS + MAX_FILTER_BYTES;

    /** The answer of a service that does not know all that it has. */
    public static final FilterAnswer INCOMPLETE = new FilterAnswer(false, List.of());

    public boolean lacks(ActionId action) {
        if (!complete) {
            return false;
        }
        for (ActionFilter filter : filters) {
            if (filter.mayContain(action)) {
                return false;
            }
        }
        return true;
    }

    /** Filters that are too large together are made smaller, the largest first. */
    public byte[] encode() {
        List<ActionFilter> fitting = new ArrayList<>(filters);
        int size = HEAD_BYTES + fitting.size();
        for (ActionFilter filter : fitting) {
            size += filter.size();
        }
        while (size > HEAD_BYTES + fitting.size() + MAX_FILTER_BYTES) {
            int largest = 0;
            for (int i = 1; i < fitting.size(); i++) {
                largest = fitting.get(i).size() > fitting.get(largest).size() ? i : largest;
            }
            int half = fitting.get(largest).size() / 2;
            fitting.set(largest, fitting.get(largest).copy(half));
            size -= half;
        }
        byte[] message = Arrays.copyOf(MAGIC, size);
        message[MAGIC.length] = (byte) (complete ? 1 : 0);
        message[MAGIC.length + 1] = (byte) fitting.size();
        int at = HEAD_BYTES;
        for (ActionFilter filter : fitting) {
            message[at++] = (byte) Integer.numberOfTrailingZeros(filter.size());
            filter.copyTo(message, at);
            at += filter.size();
        }
        return message;
    }

    /** Reads an answer. */
    public static FilterAnswer decode(byte[] message) {
        if (message.length < HEAD_BYTES
                || message.length > MAX_BYTES
                || !Arrays.equals(MAGIC, Arrays.copyOf(message, MAGIC.length))
                || u8(message, MAGIC.length) > 1) {
            throw new MalformedMessageException("no filter of actions");
        }
        int count = u8(message, MAGIC.length + 1);
        List<ActionFilter> filters = new ArrayList<>();
        int at = HEAD_BYTES;
        for (int i = 0; i < count; i++) {
            int exponent = at < message.length ? u8(message, at++) : Integer.SIZE;
            int size = exponent < Integer.SIZE - 1 ? 1 << exponent : Integer.MAX_VALUE;
            if (size > message.length - at) {
                throw new MalformedMessageException("a filter of actions that is cut off");
            }
            filters.add(ActionFilter.of(Arrays.copyOfRange(message, at, at + size)));
            at += size;
        }
        if (at != message.length) {
            throw new MalformedMessageException("something follows a filter of actions");
        }
        return new FilterAnswer(u8(message, MAGIC.length) == 1, filters);
    }
}
