package io.gocacheserver.adapter;

/** The cache directory cannot serve as one; the message says why and what to do. */
final class UnusableDirectoryException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableDirectoryException(String message) {
        super(message);
    }
}
