package io.gocacheserver.security.rules;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A condition for a claim: {@code claim=value}, where {@code *} in the value stands for any characters, or none. The whole
 * value must match; of a claim that is a list, one element.
 */
record ClaimPattern(String claim, Pattern value) {

    /**
     * Reads one.
     *
     * @throws InvalidAuthException naming the setting
     */
    static ClaimPattern parse(String text, String setting) {
        int equals = text.indexOf('=');
        if (equals <= 0 || equals == text.length() - 1) {
            throw new InvalidAuthException(
                    "%s: \"%s\" is not of the form claim=value".formatted(setting, text));
        }
        String regex =
                Arrays.stream(text.substring(equals + 1).split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
        return new ClaimPattern(text.substring(0, equals), Pattern.compile(regex, Pattern.DOTALL));
    }

    boolean matches(Claims claims) {
        return claims.all(claim).stream().anyMatch(each -> value.matcher(each).matches());
    }
}
