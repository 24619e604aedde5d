package io.gocacheserver.web;

import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import java.io.IOException;
import java.util.function.LongUnaryOperator;

/** A body in memory, and what is reserved for it until it is closed. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RequestBody(byte[] bytes, Shares.Share memory) implements AutoCloseable {

    /** Reads a JSON object of at most so many bytes; {@code weight} is the heap that one of a length takes. */
    public static RequestBody readJson(
            HttpServletRequest request, RequestMemory memory, int max, LongUnaryOperator weight)
            throws IOException {
        long announced = request.getContentLengthLong();
        Shares.Share reserved =
                memory.reserve(
                        request,
                        weight.applyAsLong(announced < 0 ? max : Math.min(max, announced)));
        try {
            byte[] body = request.getInputStream().readNBytes(max + 1);
            Traffic.meterOf(request).accept(body.length);
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
}
