package io.gocacheserver.web;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import java.io.IOException;
import java.io.InputStream;

/** Takes the body of a Put, after checking that its length is announced and acceptable. */
final class ObjectReceiver {

    /** An object's beginning as it came and as it is compressed, and a buffer of as much. */
    private static final int PARTS = 3;

    /** Most memory of one Put: buffers, and a compressor. */
    private static final long MAX_BYTES = 256 * 1024;

    /** Receives a body. */
    interface Sink {
        void accept(long size, InputStream body) throws IOException, TierException;
    }

    private final long maxObjectSize;
    private final Traffic traffic;
    private final RequestMemory memory;

    /**
     * @param maxObjectSize in bytes
     */
    ObjectReceiver(long maxObjectSize, Traffic traffic, RequestMemory memory) {
        this.maxObjectSize = maxObjectSize;
        this.traffic = traffic;
        this.memory = memory;
    }

    void receive(HttpServletRequest request, Sink sink) throws IOException, TierException {
        long size = request.getContentLengthLong();
        if (size < 0) {
            throw new ProblemException(
                    ProblemType.LENGTH_REQUIRED, "the request has no Content-Length");
        }
        if (size > maxObjectSize) {
            throw new ProblemException(
                    ProblemType.TOO_LARGE,
                    "%d bytes are more than the %d that are allowed (cache-server.web.max-object-size)"
                            .formatted(size, maxObjectSize));
        }
        try (var _ = memory.reserve(request, Math.min(PARTS * size, MAX_BYTES))) {
            sink.accept(size, request.getInputStream());
        }
        traffic.taken(size);
    }
}
