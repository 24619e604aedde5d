package io.gocacheserver.model;

/** An action or output ID that is not 4 to 1000 lower-case hex characters, an even number of them. */
public final class InvalidIdException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN_CHARACTERS = 80;

    InvalidIdException(String kind, String value, String reason) {
        super("%s ID \"%s\" %s".formatted(kind, abbreviate(value), reason));
    }

    private static String abbreviate(String value) {
        return value.length() <= SHOWN_CHARACTERS
                ? value
                : value.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
