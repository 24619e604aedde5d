package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.auth.Credential.Token;
import io.gocacheserver.adapter.http.Authorization;
import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.adapter.text.JsonText;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.LongSupplier;

/**
 * A job's token, which GitHub is asked for when it is needed (a GET with the audience, answered by {@code {"value":"<token>"}}), and again a
 * minute before it expires. A request waits some seconds for it at most. Unless the service refuses its token, GitHub is asked again after
 * half a minute at the earliest: a build does not wait for it with each request.
 */
final class GitHubToken extends Credentials {

    private static final int MAX_BYTES = 64 * 1024;
    private static final long EARLY_MILLIS = 60_000;
    private static final long RETRY_MILLIS = 30_000;
    private static final long UNKNOWN_MILLIS = 120_000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Credential.GitHub job;
    private final Timeouts timeouts;
    private final TlsFiles tls;
    private final LongSupplier clock;
    private @Nullable Issued issued;
    private volatile @Nullable String problem;
    private long askedAt;

    private record Issued(Token token, long expires) {
        boolean isValid(long now) {
            return now < expires;
        }
    }

    /** @param clock milliseconds since 1970 */
    GitHubToken(Credential.GitHub job, Timeouts timeouts, TlsFiles tls, LongSupplier clock) {
        this.job = job;
        this.timeouts = timeouts;
        this.tls = tls;
        this.clock = clock;
    }

    @Override
    synchronized @Nullable Token token(Duration limit) {
        long now = clock.getAsLong();
        boolean first = issued == null && problem == null;
        if ((issued == null || !issued.isValid(now + EARLY_MILLIS))
                && (first || now - askedAt >= RETRY_MILLIS || now < askedAt)) {
            renew(now, limit.compareTo(LONGEST_WAIT) < 0 ? limit : LONGEST_WAIT);
        }
        return issued != null && issued.isValid(now) ? issued.token() : null;
    }

    @Override
    synchronized void refused(Token refused) {
        if (issued != null && refused.equals(issued.token())) {
            issued = null;
        }
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    private void renew(long now, Duration limit) {
        askedAt = now;
        try {
            Token token = issue(limit);
            Issued fresh = new Issued(token, expiry(token, now));
            if (!fresh.isValid(now)) {
                throw new IOException(
                        "the token that was issued has expired already: is this machine's clock right?");
            }
            issued = fresh;
            problem = null;
        } catch (IOException e) {
            problem = e.getMessage();
        }
    }

    private Token issue(Duration limit) throws IOException {
        String audience = URLEncoder.encode(job.audience(), StandardCharsets.UTF_8);
        String query = job.query().isEmpty() ? "" : job.query() + '&';
        String path = job.issuer().path().isEmpty() ? "/?" : "?";
        Headers headers =
                new Headers()
                        .add("Authorization", "Bearer " + job.requestToken().value())
                        .add("Accept", "application/json")
                        .add("User-Agent", "go-cache-adapter");
        HttpRequest request = HttpRequest.get(path + query + "audience=" + audience, headers);
        Route route = new Route(job.proxy(), tls);
        try (HttpClient client =
                        new HttpClient(
                                job.issuer(),
                                route,
                                timeouts,
                                1,
                                Authorization.NONE,
                                System::nanoTime);
                HttpResponse response = client.send(request, limit)) {
            if (response.status() != Status.OK) {
                throw new IOException("it answered " + response.status());
            }
            String token = JsonText.value(response.start(MAX_BYTES), "value");
            if (token == null) {
                throw new IOException("its answer holds no token");
            }
            return new Token(token);
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "GitHub issued no token at %s: %s (the job needs permissions: id-token: write)"
                            .formatted(job.issuer().host(), e.getMessage()),
                    e);
        }
    }

    /** When a token (RFC 7519) expires, in milliseconds since 1970; two minutes from now if it does not say. Nothing is verified. */
    private static long expiry(Token token, long now) {
        String[] parts = token.value().split("\\.", -1);
        try {
            byte[] claims = Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : "");
            String seconds = JsonText.value(new String(claims, StandardCharsets.UTF_8), "exp");
            return seconds == null ? now + UNKNOWN_MILLIS : Long.parseLong(seconds) * 1000;
        } catch (IllegalArgumentException e) {
            return now + UNKNOWN_MILLIS;
        }
    }
}
