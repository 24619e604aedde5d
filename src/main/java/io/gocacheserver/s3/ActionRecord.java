package io.gocacheserver.s3;

import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of an action's S3 object, as go-cache-plugin writes it: {@code "<output-id> <unix-nanoseconds>"}, two fields
 * separated by white space.
 */
record ActionRecord(OutputId output, Instant time) {

    /** White space around the fields included; go-cache-plugin has no limit. */
    static final int MAX_BYTES = 1024 * 1024;

    /** White space is what Go's strings.Fields takes for it. */
    private static final Pattern FIELDS =
            Pattern.compile("\\s*+(\\S++)\\s++(\\S++)\\s*+", Pattern.UNICODE_CHARACTER_CLASS);

    /** The numbers that Go's strconv.ParseInt takes in base 10. */
    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+");

    static ActionRecord read(InputStream body) throws IOException {
        byte[] data = body.readNBytes(MAX_BYTES + 1);
        if (data.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "invalid action record: more than %d bytes".formatted(MAX_BYTES));
        }
        return parse(data);
    }

    static ActionRecord parse(byte[] data) {
        Matcher fields = FIELDS.matcher(new String(data, StandardCharsets.UTF_8));
        if (!fields.matches()) {
            throw new IllegalArgumentException(
                    "invalid action record: %d bytes, not two fields".formatted(data.length));
        }
        try {
            return new ActionRecord(new OutputId(fields.group(1)), timestamp(fields.group(2)));
        } catch (InvalidIdException e) {
            throw new IllegalArgumentException("invalid action record: " + e.getMessage(), e);
        }
    }

    byte[] format() {
        return (output.hex() + " " + UnixNanos.of(time)).getBytes(StandardCharsets.US_ASCII);
    }

    private static Instant timestamp(String field) {
        try {
            if (DECIMAL.matcher(field).matches()) {
                return UnixNanos.toInstant(Long.parseLong(field));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "invalid timestamp: %s does not fit into 64 bits".formatted(field), e);
        }
        throw new IllegalArgumentException(
                "invalid timestamp: \"%s\" is not a number".formatted(field));
    }
}
