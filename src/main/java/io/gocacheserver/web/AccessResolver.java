package io.gocacheserver.web;

import io.gocacheserver.cache.Access;

import jakarta.servlet.http.HttpServletRequest;

/** Says what a request may do. */
public interface AccessResolver {

    /** The request's attribute in which whoever has authenticated a client leaves its {@link Access}. */
    String ATTRIBUTE = "io.gocacheserver.access";

    /**
     * The request's attribute for the name by which a client's share of memory and places is counted; not set where nobody
     * needs a token: then its address counts.
     */
    String CLIENT = "io.gocacheserver.client";

    /** The {@link #CLIENT} of a request without a token where others have one. */
    String NOBODY = "";

    /** By which name a request's share is counted. */
    static String clientOf(HttpServletRequest request) {
        Object name = request.getAttribute(CLIENT);
        return name instanceof String client && !client.equals(NOBODY)
                ? client
                : String.valueOf(request.getRemoteAddr());
    }

    /** Who may do what, in a few words for the log. */
    String summary();

    /** What the request may do. Whoever has nothing to say of it throws, rather than allow something. */
    Access resolve(HttpServletRequest request);
}
