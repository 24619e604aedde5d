package io.gocacheserver.model;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/**
 * The writer of an action, as far as it is known. Each text has at most {@value #MAX_LENGTH} characters, with {@code ?} for
 * those that cannot be printed: it comes from a token's claims, and is shown to people.
 *
 * @param token name of a static token
 * @param issuer of a JWT
 * @param subject of a JWT
 */
public record Provenance(
        @Nullable String token,
        @Nullable String issuer,
        @Nullable String subject,
        @Nullable String repository,
        @Nullable String ref,
        @Nullable String run,
        @Nullable String address) {

    public static final int MAX_LENGTH = 250;

    public static final Provenance UNKNOWN =
            new Provenance(null, null, null, null, null, null, null);

    public static final List<String> NAMES =
            List.of("token", "issuer", "subject", "repository", "ref", "run", "address");

    public static Provenance of(Function<String, @Nullable String> texts) {
        return new Provenance(
                texts.apply("token"),
                texts.apply("issuer"),
                texts.apply("subject"),
                texts.apply("repository"),
                texts.apply("ref"),
                texts.apply("run"),
                texts.apply("address"));
    }

    public @Nullable String[] texts() {
        return new @Nullable String[] {token, issuer, subject, repository, ref, run, address};
    }

    public Provenance {
        token = clean(token);
        issuer = clean(issuer);
        subject = clean(subject);
        repository = clean(repository);
        ref = clean(ref);
        run = clean(run);
        address = clean(address);
    }

    public Provenance from(@Nullable String remoteAddress) {
        return new Provenance(token, issuer, subject, repository, ref, run, remoteAddress);
    }

    private static @Nullable String clean(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        StringBuilder clean = null;
        int length = Math.min(text.length(), MAX_LENGTH);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c) || !Character.isDefined(c)) {
                clean = clean == null ? new StringBuilder(text.substring(0, length)) : clean;
                clean.setCharAt(i, '?');
            }
        }
        if (clean != null) {
            return clean.toString();
        }
        return length == text.length() ? text : text.substring(0, length);
    }
}
