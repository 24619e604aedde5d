package io.gocacheserver.model;

/** A namespace's name that is not of the form that {@link Namespace} says. */
public final class InvalidNamespaceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN_CHARACTERS = 80;

    InvalidNamespaceException(String name, String reason) {
        super("namespace \"%s\" %s".formatted(abbreviate(name), reason));
    }

    private static String abbreviate(String name) {
        return name.length() <= SHOWN_CHARACTERS ? name : name.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
