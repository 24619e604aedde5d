package io.gocacheserver.web;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.io.JsonStringEncoder;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * The one place that renders an error: RFC 9457 problem details.
 *
 * @param type the kind of error
 * @param detail what happened to this request, or null
 */
public record Problem(ProblemType type, @Nullable String detail) {

    public static final String CONTENT_TYPE = "application/problem+json";

    private static final Map<ProblemType, byte[]> WITHOUT_DETAIL = new EnumMap<>(ProblemType.class);

    static {
        for (ProblemType type : ProblemType.values()) {
            WITHOUT_DETAIL.put(type, render(type, null));
        }
    }

    /** The type for a tier's failure. */
    public static ProblemType typeOf(TierException e) {
        return switch (e) {
            case TierException.LocalRead read -> ProblemType.DISK_ERROR;
            case TierException.LocalWrite write -> ProblemType.DISK_FULL;
            case TierException.Remote remote -> ProblemType.S3_ERROR;
        };
    }

    /** The document, in UTF-8. Not to be changed. */
    public byte[] body() {
        byte[] prepared = WITHOUT_DETAIL.get(type);
        return detail == null && prepared != null ? prepared : render(type, detail);
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
