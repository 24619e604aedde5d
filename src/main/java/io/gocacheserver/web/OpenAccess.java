package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Provenance;

import jakarta.servlet.http.HttpServletRequest;

/** Access to a service without authentication: every client may do everything, and a writer is known by address alone. */
public final class OpenAccess implements AccessResolver {

    @Override
    public Access resolve(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Access access) {
            return access;
        }
        return "PUT".equals(request.getMethod())
                ? Access.open(Provenance.UNKNOWN.from(request.getRemoteAddr()))
                : Access.OPEN;
    }

    @Override
    public String summary() {
        return "open to everyone";
    }
}
