package io.gocacheserver.wire;

import io.gocacheserver.model.ActionId;

import java.util.Arrays;
import java.util.List;

/**
 * Action IDs in order, all of one length: the actions whose objects are sent at the start of a build, and those that the
 * service lacks at its end.
 *
 * <pre>
 * u16       L, the length of an ID in bytes, 2 to 500; cmd/go's have 32
 * n × L     the IDs
 * </pre>
 *
 * <p>n follows from the length of the message. Numbers are unsigned and in network byte order. An empty list may have any
 * L, or be an empty message.
 */
public final class ActionList {

    public static final int HEADER_LENGTH = 2; // length in bytes of what stands before the IDs
    public static final int MIN_ID_LENGTH = 2;
    public static final int MAX_ID_LENGTH = 500;

    private final byte[] message;
    private final int idLength;
    private final int size;

    private ActionList(byte[] message, int idLength, int size) {
        this.message = message;
        this.idLength = idLength;
        this.size = size;
    }

    public static ActionList decode(byte[] message) {
        if (message.length == 0) {
            return new ActionList(message, MIN_ID_LENGTH, 0);
        }
        int idLength = idLength(message);
        int ids = message.length - HEADER_LENGTH;
        if (ids % idLength != 0) {
            throw new MalformedMessageException(
                    "the list has %d bytes of IDs, which is no multiple of their length, %d"
                            .formatted(ids, idLength));
        }
        return new ActionList(message, idLength, ids / idLength);
    }

    public static int idLength(byte[] head) {
        if (head.length < HEADER_LENGTH) {
            throw new MalformedMessageException("the list ends within its header");
        }
        int length = BigEndian.u16(head, 0);
        if (length < MIN_ID_LENGTH || length > MAX_ID_LENGTH) {
            throw new MalformedMessageException(
                    "IDs of %d bytes; they have %d to %d"
                            .formatted(length, MIN_ID_LENGTH, MAX_ID_LENGTH));
        }
        return length;
    }

    public static byte[] encode(List<ActionId> actions) {
        if (actions.isEmpty()) {
            return new byte[0];
        }
        int idLength = actions.get(0).hex().length() / 2;
        byte[] message = new byte[HEADER_LENGTH + actions.size() * idLength];
        BigEndian.putU16(message, 0, idLength);
        int offset = HEADER_LENGTH;
        for (ActionId action : actions) {
            putId(message, offset, action, idLength);
            offset += idLength;
        }
        return message;
    }

    public byte[] encoded() {
        return message;
    }

    public int size() {
        return size;
    }

    public ActionId get(int index) {
        int start = HEADER_LENGTH + index * idLength;
        return ActionId.of(Arrays.copyOfRange(message, start, start + idLength));
    }

    static void putId(byte[] message, int offset, ActionId action, int idLength) {
        byte[] id = action.bytes();
        if (id.length != idLength) {
            throw new IllegalArgumentException(
                    "action " + action + " has not the " + idLength + " bytes of the ones before");
        }
        System.arraycopy(id, 0, message, offset, idLength);
    }
}
