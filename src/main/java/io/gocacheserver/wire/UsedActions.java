package io.gocacheserver.wire;

import io.gocacheserver.model.ActionId;

import java.util.Arrays;
import java.util.List;

/**
 * The actions that a build asked for, in the order in which it did so first, each with its outcome: the end of a
 * build.
 *
 * <pre>
 * u16            L, the length of an ID in bytes, 2 to 500
 * n × (u8, L)    what came of it, and the action's ID
 * </pre>
 *
 * <p>Numbers are in network byte order; n follows from the length of the message.
 */
public final class UsedActions {

    public static final int MISS = 0; // a miss, and not put afterwards
    public static final int HIT = 1; // the service had it
    public static final int LOCAL = 2; // the client had it itself
    public static final int PUT = 3; // a miss, and put afterwards

    private final byte[] message;
    private final int idLength;

    public record Use(ActionId action, int outcome) {}

    private UsedActions(byte[] message, int idLength) {
        this.message = message;
        this.idLength = idLength;
    }

    public static UsedActions decode(byte[] message) {
        int idLength = ActionList.idLength(message);
        int uses = message.length - ActionList.HEADER_LENGTH;
        if (uses % (1 + idLength) != 0) {
            throw new MalformedMessageException(
                    "the list has %d bytes, which is no multiple of an outcome and an ID of %d"
                            .formatted(uses, idLength));
        }
        UsedActions used = new UsedActions(message, idLength);
        for (int i = 0; i < used.size(); i++) {
            if (used.outcome(i) > PUT) {
                throw new MalformedMessageException("an action's outcome is " + used.outcome(i));
            }
        }
        return used;
    }

    public static byte[] encode(List<Use> uses) {
        int idLength = uses.get(0).action().hex().length() / 2;
        byte[] message = new byte[ActionList.HEADER_LENGTH + uses.size() * (1 + idLength)];
        BigEndian.putU16(message, 0, idLength);
        int offset = ActionList.HEADER_LENGTH;
        for (Use use : uses) {
            message[offset] = (byte) use.outcome();
            ActionList.putId(message, offset + 1, use.action(), idLength);
            offset += 1 + idLength;
        }
        return message;
    }

    public int size() {
        return (message.length - ActionList.HEADER_LENGTH) / (1 + idLength);
    }

    public int idLength() {
        return idLength;
    }

    public int outcome(int index) {
        return BigEndian.u8(message, start(index));
    }

    public ActionId action(int index) {
        int start = start(index) + 1;
        return ActionId.of(Arrays.copyOfRange(message, start, start + idLength));
    }

    private int start(int index) {
        return ActionList.HEADER_LENGTH + index * (1 + idLength);
    }
}
