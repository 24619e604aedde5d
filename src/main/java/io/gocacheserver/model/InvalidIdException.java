package io.gocacheserver.model;

/** An action or output ID that is not 4 to 1000 lower-case hex characters, an even number of them. */
public final class InvalidIdException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int MIN_LENGTH = 4;
    private static final int MAX_LENGTH = 1000;
    private static final int SHOWN_CHARACTERS = 80;

    private InvalidIdException(String kind, String value, String reason) {
        super("%s ID \"%s\" %s".formatted(kind, abbreviate(value), reason));
    }

    static String abbreviate(String value) {
        return value.length() <= SHOWN_CHARACTERS
                ? value
                : value.substring(0, SHOWN_CHARACTERS) + "…";
    }

    static void validate(String kind, String hex) {
        int length = hex.length();
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            throw new InvalidIdException(
                    kind,
                    hex,
                    "has %d characters, not %d to %d".formatted(length, MIN_LENGTH, MAX_LENGTH));
        }
        if (length % 2 != 0) {
            throw new InvalidIdException(
                    kind, hex, "has an odd number of characters (%d)".formatted(length));
        }
        for (int i = 0; i < length; i++) {
            char c = hex.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                throw new InvalidIdException(
                        kind,
                        hex,
                        "has a character that is no lower-case hex digit at position " + i);
            }
        }
    }
}
