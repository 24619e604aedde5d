package io.gocacheserver.build;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.profile.BuildFacts;
import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * Reads an adapter's report. A missing field is null or 0, and unknown fields are ignored, so that adapters and services of
 * different versions work together. Long texts are cut; control characters, also those for the direction of text, are left
 * out.
 */
final class BuildReportReader {

    static final int MAX_BYTES = 32 * 1024;
    static final int MAX_TEXT = 200;

    /** The largest integer that JavaScript holds exactly. */
    private static final long MAX_NUMBER = (1L << 53) - 1;

    private static final Duration OLDEST = Duration.ofDays(30);

    private static final Set<Integer> INVISIBLE =
            Set.of(
                    (int) Character.CONTROL,
                    (int) Character.FORMAT,
                    (int) Character.SURROGATE,
                    (int) Character.LINE_SEPARATOR,
                    (int) Character.PARAGRAPH_SEPARATOR);

    private static final List<String> TEXTS =
            List.of(
                    "module command goVersion platform adapterVersion ending failure trace"
                            .split(" "));

    private static final List<String> NUMBERS =
            List.of(
                    ("durationMillis waitMillis localHits serviceHits misses executed executionMillis"
                                    + " bytesFetched bytesTransferred bytesUploaded uploads unsent"
                                    + " serviceFailures")
                            .split(" "));

    private static final List<String> OPTIONAL_NUMBERS = List.of("prefetched", "prefetchUsed");

    private final JsonNode report;

    private BuildReportReader(JsonNode report) {
        this.report = report;
    }

    /** A report; no settings if the client does not say what decides its actions. */
    record Report(ReportedBuild build, @Nullable BuildSettings settings) {}

    static Report read(byte[] body, Instant sent, Access access) {
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
        return new BuildReportReader(report).report(sent, access);
    }

    private Report report(Instant sent, Access access) {
        BuildSettings settings = settings();
        Instant ended =
                sent.minusMillis(Math.min(number("ageMillis"), OLDEST.toMillis()))
                        .truncatedTo(ChronoUnit.MILLIS);
        Namespace namespace = access.writes() == null ? access.reads().getFirst() : access.writes();
        ObjectNode build = JsonMapper.shared().createObjectNode();
        TEXTS.forEach(name -> build.put(name, text(name)));
        NUMBERS.forEach(name -> build.put(name, number(name)));
        OPTIONAL_NUMBERS.forEach(name -> build.put(name, optionalNumber(name)));
        if (settings != null) {
            build.put("repository", orNull(settings.repository()));
            build.put("branch", orNull(settings.branch()));
            build.put("job", orNull(settings.job()));
        }
        build.put("id", 0)
                .put("received", ended.toString())
                .put("client", client(access))
                .put("namespace", namespace.name())
                .put("savedMillis", 0)
                .put(
                        "suffered",
                        number("serviceFailures") > 0
                                || number("unsent") > 0
                                || text("failure") != null);
        return new Report(JsonMapper.shared().treeToValue(build, ReportedBuild.class), settings);
    }

    private @Nullable BuildSettings settings() {
        JsonNode facts = report.get("build");
        if (facts == null || facts.isNull()) {
            return null;
        }
        try {
            return BuildSettings.of(JsonMapper.shared().treeToValue(facts, BuildFacts.class));
        } catch (JacksonException e) {
            throw wrong("build", "what a build says at its start");
        }
    }

    static @Nullable String client(Access access) {
        return access.by().token() == null ? access.by().subject() : access.by().token();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : cleaned(text);
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

    static String cleaned(String text) {
        return cleaned(text, MAX_TEXT);
    }

    /** Without control characters, and with so many characters at most. */
    static String cleaned(String text, int most) {
        StringBuilder clean = new StringBuilder();
        int length = 0;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (INVISIBLE.contains(Character.getType(character))) {
                continue;
            }
            if (length == most) {
                return clean.append('…').toString();
            }
            clean.appendCodePoint(character);
            length++;
        }
        return clean.toString();
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
