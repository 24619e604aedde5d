package io.gocacheserver.page;

import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;

/**
 * Reads an adapter's report. A missing field is null or 0, and unknown fields are ignored, so that adapters and services of
 * different versions work together. Long texts are cut; control characters, also those for the direction of text, are left
 * out.
 */
final class BuildReportReader {

    static final int MAX_BYTES = 8 * 1024;
    static final int MAX_TEXT = 200;

    /** The largest integer that JavaScript holds exactly. */
    private static final long MAX_NUMBER = (1L << 53) - 1;

    private final JsonNode report;

    private BuildReportReader(JsonNode report) {
        this.report = report;
    }

    /** The build that this JSON object describes. */
    static ReportedBuild read(byte[] body, Instant received) {
        JsonNode report;
        try {
            report = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "not JSON: " + e.getOriginalMessage());
        }
        if (!report.isObject()) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "a build is a JSON object");
        }
        return new BuildReportReader(report).build(received);
    }

    private ReportedBuild build(Instant received) {
        return new ReportedBuild(
                received,
                text("module"),
                text("command"),
                text("goVersion"),
                text("platform"),
                text("adapterVersion"),
                text("ending"),
                number("durationMillis"),
                number("waitMillis"),
                number("localHits"),
                number("serviceHits"),
                number("misses"),
                number("executed"),
                number("executionMillis"),
                number("bytesFetched"),
                number("bytesTransferred"),
                number("bytesUploaded"),
                number("uploads"),
                number("unsent"),
                number("serviceFailures"),
                optionalNumber("prefetched"),
                optionalNumber("prefetchUsed"));
    }

    private @Nullable String text(String name) {
        JsonNode value = report.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name, "a string");
        }
        return cleaned(value.asString());
    }

    private static String cleaned(String text) {
        StringBuilder clean = new StringBuilder();
        int length = 0;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (isInvisible(character)) {
                continue;
            }
            if (length == MAX_TEXT) {
                return clean.append('…').toString();
            }
            clean.appendCodePoint(character);
            length++;
        }
        return clean.toString();
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private long number(String name) {
        Long value = optionalNumber(name);
        return value == null ? 0 : value;
    }

    private @Nullable Long optionalNumber(String name) {
        JsonNode value = report.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.asLong() < 0
                || value.asLong() > MAX_NUMBER) {
            throw wrong(name, "a whole number from 0");
        }
        return value.asLong();
    }

    private static ProblemException wrong(String name, String wanted) {
        return new ProblemException(ProblemType.BAD_REQUEST, name + " must be " + wanted);
    }
}
