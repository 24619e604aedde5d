package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.Access.NotAllowedException;
import io.gocacheserver.model.Provenance;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Finds the {@link Access} of a request: what its authentication has left at it, or, in an open service, everything, by a
 * writer that is known by address alone.
 */
public record AccessResolver(boolean isOpen, String summary) {

    public static final AccessResolver OPEN = new AccessResolver(true, "open to everyone");

    public static final String ATTRIBUTE = "io.gocacheserver.access";

    /** By which name a client's share is counted; not set where nobody needs a token: then its address counts. */
    public static final String CLIENT = "io.gocacheserver.client";

    /** The {@link #CLIENT} of a request without a token where others have one. */
    public static final String ANONYMOUS = "";

    public static String clientOf(HttpServletRequest request) {
        Object name = request.getAttribute(CLIENT);
        return name instanceof String client && !client.equals(ANONYMOUS)
                ? client
                : String.valueOf(request.getRemoteAddr());
    }

    /** Throws if the request was not authenticated. */
    Access resolve(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Access access) {
            return access;
        }
        if (!isOpen) {
            throw new NotAllowedException("the request was not authenticated");
        }
        return "PUT".equals(request.getMethod())
                ? Access.open(Provenance.UNKNOWN.from(request.getRemoteAddr()))
                : Access.OPEN;
    }
}
