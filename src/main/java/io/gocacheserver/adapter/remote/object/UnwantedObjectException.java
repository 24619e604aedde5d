package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.model.OutputId;

import java.io.IOException;

/** An object of a kind that the user does not want from the service. */
final class UnwantedObjectException extends IOException {

    private static final long serialVersionUID = 1L;

    UnwantedObjectException(OutputId output) {
        super("object " + output + " is the result of a test");
    }
}
