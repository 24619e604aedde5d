package io.gocacheserver.web;

import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/**
 * A body in memory. A list of actions has at most as many bytes as so many actions need whose IDs have
 * {@value #FULL_ID_LENGTH} bytes, so fewer if they are longer; cmd/go's have 32.
 *
 * @param bytes the body
 * @param memory reserved for the request, released at its end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RequestBody(byte[] bytes, RequestMemory.Reservation memory) implements AutoCloseable {

    private static final int FULL_ID_LENGTH = 64;

    /** Memory of a request with a list. */
    public interface Weight {

        /** In bytes, of heap, the list included. */
        long of(long actions, long bytes);
    }

    /**
     * Reads one.
     *
     * @param perAction bytes of an action beside its ID
     */
    public static RequestBody readActions(
            HttpServletRequest request,
            RequestMemory memory,
            int maxActions,
            int perAction,
            Weight weight)
            throws IOException {
        try {
            InputStream in = request.getInputStream();
            byte[] head = in.readNBytes(ActionList.HEADER_LENGTH);
            if (head.length == 0) {
                return new RequestBody(head, memory.reserve(request, weight.of(0, 0)));
            }
            int idLength = ActionList.idLength(head);
            int max =
                    (int)
                            Math.min(
                                    Integer.MAX_VALUE / 2,
                                    (long) maxActions
                                            * (Math.min(idLength, FULL_ID_LENGTH) + perAction));
            long announced = request.getContentLengthLong();
            if (announced > head.length + max) {
                throw tooLarge(maxActions, max);
            }
            int length = announced < 0 ? max : (int) announced - head.length;
            RequestMemory.Reservation reserved =
                    memory.reserve(
                            request, weight.of(length / (idLength + perAction), (long) length));
            try {
                byte[] list = list(head, in, length);
                if (announced < 0 && in.read() >= 0) {
                    throw tooLarge(maxActions, max);
                }
                return new RequestBody(list, reserved);
            } catch (IOException | RuntimeException e) {
                reserved.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ObjectSourceException("the list of actions broke off: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @param max bytes
     * @param weight of a body of so many bytes, in bytes of heap
     */
    public static RequestBody readJson(
            HttpServletRequest request, RequestMemory memory, int max, LongUnaryOperator weight)
            throws IOException {
        long announced = request.getContentLengthLong();
        RequestMemory.Reservation reserved =
                memory.reserve(
                        request,
                        weight.applyAsLong(announced < 0 ? max : Math.min(max, announced)));
        try {
            byte[] body = request.getInputStream().readNBytes(max + 1);
            if (body.length > max) {
                throw new ProblemException(
                        ProblemType.TOO_LARGE, "more than %d bytes of JSON".formatted(max));
            }
            return new RequestBody(body, reserved);
        } catch (IOException e) {
            reserved.close();
            throw new ObjectSourceException("the request broke off: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            reserved.close();
            throw e;
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private static byte[] list(byte[] head, InputStream in, int length) throws IOException {
        byte[] list = Arrays.copyOf(head, head.length + length);
        int read = in.readNBytes(list, head.length, length);
        return read == length ? list : Arrays.copyOf(list, head.length + read);
    }

    private static ProblemException tooLarge(int maxActions, int max) {
        return new ProblemException(
                ProblemType.TOO_LARGE,
                "more than %d actions, or %d bytes of them, in one request"
                        .formatted(maxActions, max));
    }
}
