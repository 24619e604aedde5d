package io.gocacheserver.model;

/** The one rule that both kinds of ID obey: 4 to 1000 lower-case hex characters, an even number of them. */
final class HexId {

    private static final int MIN_LENGTH = 4;
    private static final int MAX_LENGTH = 1000;

    private HexId() {}

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
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'f';
            if (!digit && !letter) {
                throw new InvalidIdException(
                        kind,
                        hex,
                        "has a character that is no lower-case hex digit at position " + i);
            }
        }
    }
}
