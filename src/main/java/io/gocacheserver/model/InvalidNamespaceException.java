package io.gocacheserver.model;

/** A namespace's name that is not of the form that {@link Namespace} says. */
public final class InvalidNamespaceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidNamespaceException(String name, String reason) {
        super("namespace \"%s\" %s".formatted(InvalidIdException.abbreviate(name), reason));
    }
}
