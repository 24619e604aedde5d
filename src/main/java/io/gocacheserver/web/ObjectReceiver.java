package io.gocacheserver.web;

import io.gocacheserver.cache.TierException;
import io.gocacheserver.wire.ProblemType;
import io.micrometer.core.instrument.Counter;

import jakarta.servlet.http.HttpServletRequest;

import java.io.IOException;
import java.io.InputStream;

/** Takes the body of a Put, after checking that its length is announced and acceptable. */
final class ObjectReceiver {

    /** What is done with a body. */
    interface Sink {
        void accept(long size, InputStream body) throws IOException, TierException;
    }

    private final long maxObjectSize;
    private final Counter bytesIn;

    /**
     * @param maxObjectSize in bytes
     * @param bytesIn counts the bytes of objects that were taken
     */
    ObjectReceiver(long maxObjectSize, Counter bytesIn) {
        this.maxObjectSize = maxObjectSize;
        this.bytesIn = bytesIn;
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
        sink.accept(size, request.getInputStream());
        bytesIn.increment((double) size);
    }
}
