package io.gocacheserver.adapter.cli;

/** The command line or the environment is wrong; the message says how and what to do. */
public final class UsageException extends Exception {

    public UsageException(String message) {
        super(message);
    }
}
