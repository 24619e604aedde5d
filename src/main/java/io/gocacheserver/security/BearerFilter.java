package io.gocacheserver.security;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.security.tokens.Client;
import io.gocacheserver.security.tokens.Permission;
import io.gocacheserver.security.tokens.RefusedException;
import io.gocacheserver.security.tokens.RefusedException.Reason;
import io.gocacheserver.web.AccessResolver;
import io.gocacheserver.web.PlainText;
import io.gocacheserver.web.Problem;
import io.gocacheserver.web.Traffic;
import io.gocacheserver.wire.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The filter before all others. It refuses paths that can mean more than one thing, authenticates a request by its bearer token (RFC 6750), or one for modules by a password that is
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

    private static final HttpFirewall FIREWALL = new StrictHttpFirewall();

    private static final Access ANONYMOUS =
            Access.of(List.of(Namespace.GLOBAL), null, Provenance.UNKNOWN);

    /** Parts that all filters share; with anonymous reads, a request without a token reads what is global. */
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
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        try {
            // The firewall looks at each of a request's parts, and costs a tenth of a small Get.
            boolean plain = Routes.isPlain(asked.getRequestURI());
            filter(plain ? asked : FIREWALL.getFirewalledRequest(asked), answer, chain);
        } catch (RequestRejectedException e) {
            Problem.write(
                    answer,
                    ProblemType.BAD_REQUEST,
                    "the request's path, headers or parameters contain something that is not allowed");
        }
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
        String challenge =
                switch (e.reason()) {
                    case NO_TOKEN -> CHALLENGE;
                    case INVALID_TOKEN -> CHALLENGE + ", error=\"invalid_token\"";
                    case FORBIDDEN -> CHALLENGE + ", error=\"insufficient_scope\"";
                    case ISSUER_UNAVAILABLE, LIMIT, TOO_LARGE -> null;
                };
        if (challenge != null) {
            response.setHeader("WWW-Authenticate", challenge);
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
            return client.permissions().stream()
                    .anyMatch(each -> each.name().equalsIgnoreCase(role));
        }
    }

    /** Counts refused requests, and logs one now and then: client, request and address, never the token. */
    static final class Refusals {

        private final RateLimitedLog log =
                new RateLimitedLog(LoggerFactory.getLogger(Refusals.class), System::nanoTime);
        private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

        Refusals(MeterRegistry registry) {
            for (Reason reason : Reason.values()) {
                counters.put(
                        reason,
                        Counter.builder("gocache.refused")
                                .description("Requests refused before they reached the cache")
                                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
        }

        void refused(RefusedException e, @Nullable Client client, HttpServletRequest request) {
            Counter counter = counters.get(e.reason());
            if (counter != null) {
                counter.increment();
            }
            if (e.reason() == Reason.NO_TOKEN) {
                return; // anyone who tries; the counter tells
            }
            log.warn(
                    "refused %s %s from %s%s: %s"
                            .formatted(
                                    request.getMethod(),
                                    printable(request.getRequestURI()),
                                    request.getRemoteAddr(),
                                    client == null ? "" : " (" + printable(client.name()) + ")",
                                    printable(String.valueOf(e.getMessage()))));
        }

        private static String printable(String text) {
            String cut = text.length() > 300 ? text.substring(0, 300) + "…" : text;
            return cut.replaceAll("[^\\P{Cntrl}]", "?");
        }
    }
}
