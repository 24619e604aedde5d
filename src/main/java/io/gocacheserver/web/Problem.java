package io.gocacheserver.web;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.io.JsonStringEncoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one place that renders an error: RFC 9457 problem details. Servlet containers drop the body of an answer to HEAD by
 * themselves.
 */
public record Problem(ProblemType type, @Nullable String detail) {

    public static final String CONTENT_TYPE = "application/problem+json";
    private static final String RETRY_AFTER_SECONDS = "5";

    private static final Map<ProblemType, byte[]> WITHOUT_DETAIL =
            Arrays.stream(ProblemType.values())
                    .collect(Collectors.toMap(Function.identity(), type -> render(type, null)));

    /** The document, in UTF-8. Not to be changed. */
    public byte[] body() {
        byte[] prepared = WITHOUT_DETAIL.get(type);
        return detail == null && prepared != null ? prepared : render(type, detail);
    }

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
        response.setContentType(CONTENT_TYPE);
        // Tomcat knows the length at the end; with one set here it would commit the answer before
        // UnreadBodyValve sees it.
        response.getOutputStream().write(body);
    }

    public static ProblemType typeOf(TierException e) {
        return switch (e) {
            case TierException.LocalRead _ -> ProblemType.DISK_ERROR;
            case TierException.LocalWrite _ -> ProblemType.DISK_FULL;
            case TierException.Remote _ -> ProblemType.S3_ERROR;
        };
    }

    /** The problem that stands for a bare HTTP status, where the container found the error and knows no more. */
    public static ProblemType typeOf(int status) {
        return switch (status) {
            case 401 -> ProblemType.UNAUTHORIZED;
            case 403 -> ProblemType.FORBIDDEN;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 408 -> ProblemType.REQUEST_TIMEOUT;
            case 501 -> ProblemType.BAD_REQUEST; // a transfer coding that Tomcat does not know
            case 411 -> ProblemType.LENGTH_REQUIRED;
            case 413 -> ProblemType.TOO_LARGE;
            case 429 -> ProblemType.TOO_MANY_REQUESTS;
            case 503 -> ProblemType.BUSY;
            default -> status < 500 ? ProblemType.BAD_REQUEST : ProblemType.INTERNAL_ERROR;
        };
    }

    private static byte[] render(ProblemType type, @Nullable String detail) {
        StringBuilder json = new StringBuilder("{\"type\":\"").append(type.type());
        json.append("\",\"title\":\"").append(type.title());
        json.append("\",\"status\":").append(type.status());
        if (detail != null) {
            json.append(",\"detail\":\"")
                    .append(JsonStringEncoder.getInstance().quoteAsCharArray(detail))
                    .append('"');
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }
}
