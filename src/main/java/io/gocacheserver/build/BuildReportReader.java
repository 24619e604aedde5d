package io.gocacheserver.build;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.profile.BuildFacts;
import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * Reads what an adapter reports. A missing field is null or 0, and unknown fields are ignored, so that adapters and services of
 * different versions work together. Long texts are cut; control characters, also those for the direction of text, are left
 * out.
 */
final class BuildReportReader {

    static final int MAX_BYTES = 32 * 1024;
    static final int MAX_TEXT = 300;

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

    /** For all that clients say: texts are cleaned, and numbers are whole and not negative. */
    static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(String.class, new Text())
                                    .addDeserializer(Long.class, new Count(null))
                                    .addDeserializer(Long.TYPE, new Count(0L)))
                    .build();

    private BuildReportReader() {}

    /** A report; no settings if the client does not say what decides its actions. */
    record Report(ReportedBuild build, @Nullable BuildSettings settings) {}

    static Report read(byte[] body, Instant sent, Access access) {
        try {
            if (JSON.readTree(body) instanceof ObjectNode report) {
                return read(report, sent, access);
            }
        } catch (JacksonException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, e.getOriginalMessage());
        }
        throw new ProblemException(ProblemType.BAD_REQUEST, "a build is a JSON object");
    }

    private static Report read(ObjectNode report, Instant sent, Access access) {
        Long age = JSON.treeToValue(report.get("ageMillis"), Long.class);
        Instant ended =
                sent.minusMillis(Math.min(age == null ? 0 : age, OLDEST.toMillis()))
                        .truncatedTo(ChronoUnit.MILLIS);
        Namespace namespace = access.writes() == null ? access.reads().getFirst() : access.writes();
        BuildFacts facts = JsonMapper.shared().treeToValue(report.get("build"), BuildFacts.class);
        BuildSettings settings = facts == null ? null : BuildSettings.of(facts);
        report.put("repository", settings == null ? null : orNull(settings.repository()))
                .put("branch", settings == null ? null : orNull(settings.branch()))
                .put("job", settings == null ? null : orNull(settings.job()))
                .put("id", 0)
                .put("received", ended.toString())
                .put("client", client(access))
                .put("namespace", namespace.name())
                .put("savedMillis", 0);
        return new Report(JSON.treeToValue(report, ReportedBuild.class), settings);
    }

    static @Nullable String client(Access access) {
        return access.by().token() == null ? access.by().subject() : access.by().token();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** Without control characters, and with {@value #MAX_TEXT} characters at most. */
    private static String cleaned(String text) {
        StringBuilder clean = new StringBuilder();
        int length = 0;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (INVISIBLE.contains(Character.getType(character))) {
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

    private static final class Text extends StdScalarDeserializer<String> {

        Text() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            return parser.hasToken(JsonToken.VALUE_STRING)
                    ? cleaned(parser.getString())
                    : context.reportInputMismatch(
                            this, "%s must be a string", parser.currentName());
        }
    }

    private static final class Count extends StdScalarDeserializer<Long> {

        private final @Nullable Long missing;

        Count(@Nullable Long missing) {
            super(Long.class);
            this.missing = missing;
        }

        @Override
        public Long deserialize(JsonParser parser, DeserializationContext context) {
            return parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                            && parser.getLongValue() >= 0
                            && parser.getLongValue() <= MAX_NUMBER
                    ? parser.getLongValue()
                    : context.reportInputMismatch(
                            this, "%s must be a whole number from 0", parser.currentName());
        }

        @Override
        public @Nullable Object getNullValue(DeserializationContext context) {
            return missing;
        }
    }
}
