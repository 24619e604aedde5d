package io.gocacheserver.security;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.security.rules.Client;
import io.gocacheserver.security.rules.Permission;
import io.gocacheserver.security.rules.RefusedException;
import io.gocacheserver.security.rules.RefusedException.Reason;
import io.gocacheserver.web.AccessResolver;
import io.gocacheserver.web.PlainText;
import io.gocacheserver.web.Problem;
import io.gocacheserver.web.Traffic;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.Enumeration;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The only filter of the chain. It authenticates a request by its bearer token (RFC 6750), or one for modules by a password that is
 * one, as the Go command sends it from a netrc file; checks that the client may do this
 * ({@link Routes}) and is within its limits ({@link RateLimits}), and leaves the {@link Access} for the controllers. It
 * refuses a request before any of its body is read.
 */
final class BearerFilter implements Filter {

    private static final String AUTHORIZATION = "Authorization";
    private static final String SCHEME = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final String CHALLENGE = "Bearer realm=\"go-cache-server\"";
    private static final String RETRY_AFTER = "Retry-After";

    private static final Access ANONYMOUS =
            Access.of(List.of(Namespace.GLOBAL), null, Provenance.UNKNOWN);

    /**
     * Parts that all filters share.
     *
     * @param anonymousReads whether a request without a token may read what is global
     */
    record Parts(
            Authenticator authenticator,
            RateLimits limits,
            Refusals refusals,
            boolean anonymousReads) {}

    private final Parts parts;
    private final Routes routes;

    BearerFilter(Parts parts, Routes routes) {
        this.parts = parts;
        this.routes = routes;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        filter((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Client client = null;
        request.setAttribute(AccessResolver.CLIENT, AccessResolver.ANONYMOUS);
        try {
            Permission needed = routes.needed(request.getMethod(), request.getRequestURI());
            if (needed != null) {
                String token = token(request);
                if (token == null && parts.anonymousReads && needed == Permission.READ) {
                    request.setAttribute(AccessResolver.ATTRIBUTE, ANONYMOUS);
                } else {
                    client = permitted(token, needed);
                }
            }
            if (client == null) {
                chain.doFilter(request, response);
                return;
            }
            limited(client, request, response, chain);
        } catch (RefusedException e) {
            refuse(e, client, request, response);
        }
    }

    private Client permitted(@Nullable String token, Permission needed) {
        if (token == null) {
            throw new RefusedException(
                    Reason.NO_TOKEN, "the request needs a header Authorization: Bearer <token>");
        }
        Client client = parts.authenticator.authenticate(token);
        if (!client.may(needed)) {
            throw new RefusedException(
                    Reason.FORBIDDEN,
                    switch (needed) {
                        case READ -> client.name() + " may not read the cache";
                        case WRITE -> client.name() + " may read, but not write";
                        case BUILDS -> client.name() + " may not see builds";
                        case OBSERVE, ADMIN -> client.name() + " is not an administrator";
                    });
        }
        return client;
    }

    private void limited(
            Client client,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        String method = request.getMethod();
        boolean put = "PUT".equals(method);
        Access access = client.access();
        request.setAttribute(AccessResolver.CLIENT, client.key());
        request.setAttribute(
                AccessResolver.ATTRIBUTE, put ? access.from(request.getRemoteAddr()) : access);
        HttpServletRequest forward =
                client.may(Permission.OBSERVE)
                        ? new AuthenticatedRequest(request, client)
                        : request;
        if (client.limits().isNone()) {
            chain.doFilter(forward, response);
            return;
        }
        RateLimits.Budget budget = parts.limits.of(client);
        budget.request();
        request.setAttribute(Traffic.METER, (LongConsumer) budget::bytes);
        if ("GET".equals(method) || "HEAD".equals(method)) {
            chain.doFilter(forward, response);
            return;
        }
        if (put) {
            requireSize(client, request.getContentLengthLong());
        }
        budget.beginUpload();
        try {
            chain.doFilter(forward, response);
        } finally {
            budget.endUpload();
        }
    }

    private static void requireSize(Client client, long size) {
        ByteSize max = client.limits().maxObjectSize();
        if (max != null && size > max.bytes()) {
            throw new RefusedException(
                    Reason.TOO_LARGE,
                    "%d bytes are more than the %d that %s may put"
                            .formatted(size, max.bytes(), client.name()));
        }
    }

    private static @Nullable String token(HttpServletRequest request) {
        Enumeration<String> headers = request.getHeaders(AUTHORIZATION);
        if (headers == null || !headers.hasMoreElements()) {
            return null;
        }
        String header = headers.nextElement();
        if (headers.hasMoreElements()) {
            throw new RefusedException(
                    Reason.INVALID_TOKEN, "the request has more than one header Authorization");
        }
        if (Routes.isModule(request.getRequestURI())
                && header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return password(header.substring(BASIC.length()).strip());
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RefusedException(
                    Reason.INVALID_TOKEN,
                    "the header Authorization is not of the form Bearer <token>");
        }
        String token = header.substring(SCHEME.length()).strip();
        if (token.isEmpty()) {
            throw new RefusedException(Reason.INVALID_TOKEN, "the token is empty");
        }
        return token;
    }

    /** What stands behind the user's name, which may be any. */
    private static String password(String encoded) {
        try {
            String both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            if (colon >= 0 && colon < both.length() - 1) {
                return both.substring(colon + 1);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new RefusedException(
                Reason.INVALID_TOKEN,
                "the header Authorization has no password, which is to be the token");
    }

    private void refuse(
            RefusedException e,
            @Nullable Client client,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        parts.refusals.refused(e, client, request);
        switch (e.reason()) {
            case NO_TOKEN -> response.setHeader("WWW-Authenticate", CHALLENGE);
            case INVALID_TOKEN ->
                    response.setHeader("WWW-Authenticate", CHALLENGE + ", error=\"invalid_token\"");
            case FORBIDDEN ->
                    response.setHeader(
                            "WWW-Authenticate", CHALLENGE + ", error=\"insufficient_scope\"");
            case ISSUER_UNAVAILABLE, LIMIT, TOO_LARGE -> {}
        }
        if (e.retrySeconds() > 0) {
            response.setHeader(RETRY_AFTER, Integer.toString(e.retrySeconds()));
        }
        if (Routes.isModule(request.getRequestURI())) {
            PlainText.write(response, e.reason().type().status(), String.valueOf(e.getMessage()));
            return;
        }
        Problem.write(response, e.reason().type(), e.getMessage());
    }

    /** A request that knows its client, for the actuator, which asks the request itself. Permissions are roles. */
    private static final class AuthenticatedRequest extends HttpServletRequestWrapper {

        private final Client client;

        AuthenticatedRequest(HttpServletRequest request, Client client) {
            super(request);
            this.client = client;
        }

        @Override
        public Principal getUserPrincipal() {
            return client::name;
        }

        @Override
        public String getRemoteUser() {
            return client.name();
        }

        @Override
        public boolean isUserInRole(String role) {
            return client.permissions().stream().anyMatch(each -> each.name().equalsIgnoreCase(role));
        }
    }
}
