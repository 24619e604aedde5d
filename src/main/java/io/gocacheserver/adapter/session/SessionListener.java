package io.gocacheserver.adapter.session;

import io.gocacheserver.model.ActionId;

/** Is told what one session does, as it happens and from any thread. Normal sessions have none. */
public interface SessionListener {

    /** The outcome of a get. */
    enum Outcome {
        /** The local disk had it. */
        LOCAL_HIT,
        /** The service had it. */
        SERVICE_HIT,
        /** Neither had it. */
        MISS,
        /** The local disk did not have it, and the service failed or was not asked. */
        UNANSWERED
    }

    /** A get has been answered. */
    void got(ActionId action, Outcome outcome);

    /** The Go command has put the result of an action. */
    void put(ActionId action);

    /** The session is over but for the answer to close. */
    void ended(SessionReport report);
}
