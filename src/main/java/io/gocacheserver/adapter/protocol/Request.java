package io.gocacheserver.adapter.protocol;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

/** One request of the Go command. */
public sealed interface Request {

    /** Echoed in the answer. */
    long id();

    /**
     * What is the result of this action?
     *
     * @param id echoed in the answer
     * @param action 32 bytes
     */
    record Get(long id, ActionId action) implements Request {}

    /**
     * Keep the object that follows.
     *
     * @param id echoed in the answer
     * @param action 32 bytes
     * @param output the SHA-256 of the body
     * @param size bytes of the body; with 0 no body follows
     */
    record Put(long id, ActionId action, OutputId output, long size) implements Request {}

    /** Finish, answer, and exit. */
    record Close(long id) implements Request {}

    /**
     * A request that is JSON but cannot be served; it is answered with an error.
     *
     * @param id echoed in the answer
     * @param reason what is wrong with it
     * @param hasBody whether a body follows, to be skipped
     */
    record Invalid(long id, String reason, boolean hasBody) implements Request {}
}
