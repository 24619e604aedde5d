package io.gocacheserver.adapter.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The times of a JSON Web Token (RFC 7519), which tell when to ask for the next one. Nothing is verified. */
final class JsonWebToken {

    private static final long UNKNOWN_MILLIS = 120_000;
    private static final String EXPIRY = "\"exp\"";

    private JsonWebToken() {}

    /** When a token expires, in milliseconds since 1970; two minutes from now if it does not say. */
    static long expiry(Token token, long now) {
        String[] parts = token.value().split("\\.", -1);
        if (parts.length != 3) {
            return now + UNKNOWN_MILLIS;
        }
        try {
            byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
            return seconds(new String(claims, StandardCharsets.UTF_8)) * 1000;
        } catch (IllegalArgumentException e) {
            return now + UNKNOWN_MILLIS;
        }
    }

    private static long seconds(String claims) {
        int at = claims.indexOf(EXPIRY);
        int from = at < 0 ? claims.length() : at + EXPIRY.length();
        while (from < claims.length() && !isDigit(claims.charAt(from))) {
            if (claims.charAt(from) != ':' && claims.charAt(from) > ' ') {
                throw new IllegalArgumentException("no expiry");
            }
            from++;
        }
        int to = from;
        while (to < claims.length() && isDigit(claims.charAt(to))) {
            to++;
        }
        return Long.parseLong(claims.substring(from, to));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
