package io.gocacheserver.adapter.protocol;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

/** One request of the Go command. */
public sealed interface Request {

    /** Echoed in the answer. */
    long id();

    /** What is the result of this action? */
    record Get(long id, ActionId action) implements Request {}

    /** Keep the object that follows, of {@code size} bytes; with 0 no body follows. */
    record Put(long id, ActionId action, OutputId output, long size) implements Request {}

    /** Finish, answer, and exit. */
    record Close(long id) implements Request {}

    /** A request that is JSON but cannot be served; it is answered with an error. Its body, if it has one, is to be skipped. */
    record Invalid(long id, String reason, boolean hasBody) implements Request {}
}
