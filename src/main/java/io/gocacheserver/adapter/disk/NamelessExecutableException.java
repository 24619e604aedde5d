package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.OutputId;

import java.io.IOException;

/** An executable that cannot be stored as cmd/go would, since its name is not known. */
public final class NamelessExecutableException extends IOException {

    NamelessExecutableException(OutputId output) {
        super("executable " + output + " does not tell its name");
    }
}
