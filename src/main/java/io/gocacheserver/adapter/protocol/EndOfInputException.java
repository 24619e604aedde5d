package io.gocacheserver.adapter.protocol;

import java.io.IOException;

/** Stdin closed in the middle of a request or its body: the Go command is gone. */
public final class EndOfInputException extends IOException {

    EndOfInputException() {
        super("stdin closed in the middle of a request");
    }
}
