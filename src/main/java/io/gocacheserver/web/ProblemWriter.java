package io.gocacheserver.web;

import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Sends problems. Servlet containers drop the body of an answer to HEAD by themselves. */
public final class ProblemWriter {

    private static final String RETRY_AFTER_SECONDS = "5";

    private ProblemWriter() {}

    /** Sends one, unless an answer has begun. */
    public static void write(
            HttpServletResponse response, ProblemType type, @Nullable String detail)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = new Problem(type, detail).body();
        response.setStatus(type.status());
        if (type == ProblemType.BUSY && !response.containsHeader("Retry-After")) {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        if (type == ProblemType.UNSUPPORTED_CODING) {
            response.setHeader("Accept-Encoding", WireHeaders.ZSTD);
        }
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(Problem.CONTENT_TYPE);
        // Tomcat knows the length at the end; with one set here it would commit the answer before
        // UnreadBodyValve sees it.
        response.getOutputStream().write(body);
    }
}
