package io.gocacheserver.security;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.NotAllowedException;
import io.gocacheserver.web.AccessResolver;

import jakarta.servlet.http.HttpServletRequest;

/** The access that the filter has left at the request. */
final class SecuredAccess implements AccessResolver {

    private final String summary;

    SecuredAccess(String summary) {
        this.summary = summary;
    }

    @Override
    public Access resolve(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Access access) {
            return access;
        }
        throw new NotAllowedException("the request was not authenticated");
    }

    @Override
    public String summary() {
        return summary;
    }
}
