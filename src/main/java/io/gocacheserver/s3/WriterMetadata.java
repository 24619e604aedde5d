package io.gocacheserver.s3;

import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who put an action, as the user metadata of its record: {@code written-token}, {@code written-issuer} and so on, each in
 * UTF-8 and percent-encoded, since S3 takes ASCII. go-cache-plugin neither writes nor minds them.
 */
final class WriterMetadata {

    private static final int MAX_ENCODED = 260;
    private static final String PREFIX = "written-";

    private WriterMetadata() {}

    static Map<String, String> of(Provenance by) {
        Map<String, String> metadata = new LinkedHashMap<>();
        put(metadata, "token", by.token());
        put(metadata, "issuer", by.issuer());
        put(metadata, "subject", by.subject());
        put(metadata, "repository", by.repository());
        put(metadata, "ref", by.ref());
        put(metadata, "run", by.run());
        put(metadata, "address", by.address());
        return metadata;
    }

    static Provenance parse(Map<String, String> metadata) {
        return new Provenance(
                get(metadata, "token"),
                get(metadata, "issuer"),
                get(metadata, "subject"),
                get(metadata, "repository"),
                get(metadata, "ref"),
                get(metadata, "run"),
                get(metadata, "address"));
    }

    private static void put(Map<String, String> metadata, String name, @Nullable String value) {
        if (value != null) {
            metadata.put(PREFIX + name, encoded(value));
        }
    }

    /** S3 takes 2 KB of metadata in all: what is too long is cut. */
    private static String encoded(String value) {
        String cut = value;
        String encoded = URLEncoder.encode(cut, StandardCharsets.UTF_8);
        while (encoded.length() > MAX_ENCODED) {
            cut = cut.substring(0, cut.length() - 1);
            encoded = URLEncoder.encode(cut, StandardCharsets.UTF_8);
        }
        return encoded;
    }

    private static @Nullable String get(Map<String, String> metadata, String name) {
        String value = metadata.get(PREFIX + name);
        try {
            return value == null ? null : URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value; // somebody else's
        }
    }
}
