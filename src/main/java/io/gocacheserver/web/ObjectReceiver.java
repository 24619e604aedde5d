package io.gocacheserver.web;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.web.content.ZstdBody;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;

/**
 * Takes the body of a Put and answers it, after checking that its length is announced and acceptable. It is the object itself, or one zstd frame
 * of it, which says so by {@code Content-Encoding} and tells the object's own length by {@code X-Uncompressed-Length}.
 */
@Component
final class ObjectReceiver {

    /** An object's beginning as it came and as it is compressed, and a buffer of as much. */
    private static final int PARTS = 3;

    /** Most memory of one Put: buffers, and a compressor. */
    private static final long MAX_BYTES = 256 * 1024;

    /** Bytes that a frame may have beyond its content, in headers of blocks and frame. */
    private static final long FRAME_OVERHEAD = 64 * 1024;

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,15}");

    interface Sink {
        void accept(long size, InputStream body) throws IOException, TierException;
    }

    private final long maxObjectSize;
    private final Traffic traffic;
    private final RequestMemory memory;

    ObjectReceiver(WebProperties properties, Traffic traffic, RequestMemory memory) {
        this.maxObjectSize = properties.maxObjectSize().bytes();
        this.traffic = traffic;
        this.memory = memory;
    }

    void receive(Exchange http, Sink sink) throws IOException, TierException {
        HttpServletRequest request = http.request();
        long size = request.getContentLengthLong();
        if (size < 0) {
            throw new ProblemException(
                    ProblemType.LENGTH_REQUIRED, "the request has no Content-Length");
        }
        requireAcceptable(size);
        Traffic.meterOf(request).accept(size);
        String coding = request.getHeader("Content-Encoding");
        if (WireHeaders.ZSTD.equalsIgnoreCase(coding)) {
            receiveCoded(request, size, sink);
        } else if (coding == null || coding.equalsIgnoreCase("identity")) {
            try (var _ = memory.reserve(request, Math.min(PARTS * size, MAX_BYTES))) {
                sink.accept(size, request.getInputStream());
            }
        } else {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_CODING, "Content-Encoding is none or zstd");
        }
        traffic.taken(size);
        http.response().setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private void receiveCoded(HttpServletRequest request, long length, Sink sink)
            throws IOException, TierException {
        long size = uncompressedLength(request);
        requireAcceptable(size);
        if (length > size + size / 8 + FRAME_OVERHEAD) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "a zstd frame of %d bytes cannot hold only %d".formatted(length, size));
        }
        long most = Math.min(PARTS * size, MAX_BYTES) + Math.min(size, ZstdBody.MAX_WINDOW);
        try (var _ = memory.reserve(request, most);
                ZstdBody body = new ZstdBody(request.getInputStream(), length)) {
            sink.accept(size, body);
        }
    }

    private void requireAcceptable(long size) {
        if (size > maxObjectSize) {
            throw new ProblemException(
                    ProblemType.TOO_LARGE,
                    "%d bytes are more than the %d that are allowed (cache-server.web.max-object-size)"
                            .formatted(size, maxObjectSize));
        }
    }

    private static long uncompressedLength(HttpServletRequest request) {
        String text = request.getHeader(WireHeaders.UNCOMPRESSED_LENGTH);
        if (text == null || !LENGTH.matcher(text).matches()) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "a body in zstd needs %s, the bytes of the object itself"
                            .formatted(WireHeaders.UNCOMPRESSED_LENGTH));
        }
        return Long.parseLong(text);
    }
}
