package io.gocacheserver.adapter.auth;

/**
 * A secret, which {@link #toString} does not tell.
 *
 * @param value visible ASCII
 */
public record Token(String value) implements Credential {

    private static final int MAX_LENGTH = 16 * 1024;

    /**
     * Validates the token.
     *
     * @throws IllegalArgumentException if it cannot go into a header
     */
    public Token {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a token has 1 to " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                throw new IllegalArgumentException(
                        "a token has no blanks, line breaks or other than ASCII characters");
            }
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
