package io.gocacheserver.adapter.auth;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Gives the token that is valid now. For many threads. */
interface TokenSource {

    /**
     * The token, or null if there is none; why, {@link #problem} says.
     *
     * @param limit longest wait for it
     */
    @Nullable Token token(Duration limit);

    /** The service does not take this one any more. */
    void refused(Token refused);

    /** Why there is no token, for people; or null. */
    @Nullable String problem();
}
