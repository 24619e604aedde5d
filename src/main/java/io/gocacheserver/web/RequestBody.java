package io.gocacheserver.web;

import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a body that is a list of actions into memory: at most as much as so many actions need. */
final class RequestBody {

    private RequestBody() {}

    /**
     * The body.
     *
     * @param perAction bytes that an action takes beside its ID
     */
    static byte[] readActions(HttpServletRequest request, int maxActions, int perAction)
            throws IOException {
        try {
            InputStream in = request.getInputStream();
            byte[] head = in.readNBytes(ActionList.HEADER_LENGTH);
            if (head.length == 0) {
                return head;
            }
            long max =
                    ActionList.HEADER_LENGTH
                            + (long) maxActions * (ActionList.idLength(head) + perAction);
            if (request.getContentLengthLong() > max) {
                throw tooLarge(maxActions);
            }
            byte[] rest = in.readNBytes((int) Math.min(Integer.MAX_VALUE, max - head.length + 1));
            if (head.length + rest.length > max) {
                throw tooLarge(maxActions);
            }
            byte[] body = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, body, head.length, rest.length);
            return body;
        } catch (IOException e) {
            throw new ObjectSourceException("the list of actions broke off: " + e.getMessage(), e);
        }
    }

    private static ProblemException tooLarge(int maxActions) {
        return new ProblemException(
                ProblemType.TOO_LARGE, "more than %d actions in one request".formatted(maxActions));
    }
}
