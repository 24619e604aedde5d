package io.gocacheserver.web;

import io.gocacheserver.cache.Access;

import jakarta.servlet.http.HttpServletRequest;

/** Finds the {@link Access} of a request. */
public interface AccessResolver {

    /** Attribute of a request that was authenticated: its {@link Access}. */
    String ATTRIBUTE = "io.gocacheserver.access";

    /**
     * The request's attribute for the name by which a client's share of memory and places is counted; not set where nobody
     * needs a token: then its address counts.
     */
    String CLIENT = "io.gocacheserver.client";

    /** The {@link #CLIENT} of a request without a token where others have one. */
    String ANONYMOUS = "";

    /** The name by which a request's share is counted. */
    static String clientOf(HttpServletRequest request) {
        Object name = request.getAttribute(CLIENT);
        return name instanceof String client && !client.equals(ANONYMOUS)
                ? client
                : String.valueOf(request.getRemoteAddr());
    }

    /** A summary of who may do what, for the log. */
    String summary();

    /** The access of a request. Throws if the request was not authenticated. */
    Access resolve(HttpServletRequest request);
}
