package io.gocacheserver.web;

import io.gocacheserver.cache.Access;

import jakarta.servlet.http.HttpServletRequest;

/** Says what a request may do. */
public interface AccessResolver {

    /** The request's attribute in which whoever has authenticated a client leaves its {@link Access}. */
    String ATTRIBUTE = "io.gocacheserver.access";

    /** Who may do what, in a few words for the log. */
    String summary();

    /** What the request may do. Whoever has nothing to say of it throws, rather than allow something. */
    Access resolve(HttpServletRequest request);
}
