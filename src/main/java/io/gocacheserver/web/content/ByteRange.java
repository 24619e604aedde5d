package io.gocacheserver.web.content;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpRange;

import java.util.List;

/**
 * The range of bytes that a request asks for (RFC 9110, 14). A Range header that cannot be understood, that names several
 * ranges or whose If-Range is not met is ignored, as the RFC allows: the answer is then the whole object.
 */
public sealed interface ByteRange {

    default long start() {
        return 0;
    }

    default long length(long size) {
        return size;
    }

    record Whole() implements ByteRange {}

    record Unsatisfiable() implements ByteRange {}

    record Part(long start, long end) implements ByteRange {

        @Override
        public long length(long size) {
            return end - start + 1;
        }

        public String contentRange(long size) {
            return "bytes %d-%d/%d".formatted(start, end, size);
        }
    }

    static ByteRange of(HttpServletRequest request, String tag, long size) {
        String header = request.getHeader("Range");
        String condition = request.getHeader("If-Range");
        if (header == null || (condition != null && !condition.strip().equals(tag))) {
            return new Whole();
        }
        List<HttpRange> ranges;
        try {
            ranges = HttpRange.parseRanges(header);
        } catch (IllegalArgumentException e) {
            return new Whole();
        }
        if (ranges.size() != 1) {
            return new Whole();
        }
        if (size == 0) {
            return new Unsatisfiable();
        }
        long start = ranges.getFirst().getRangeStart(size);
        long end = ranges.getFirst().getRangeEnd(size);
        return start >= size || end < start ? new Unsatisfiable() : new Part(start, end);
    }
}
