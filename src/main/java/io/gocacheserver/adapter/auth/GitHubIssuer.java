package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks GitHub for a job's token: a GET with the audience, answered by {@code {"value":"<token>"}}. */
final class GitHubIssuer implements IssuedToken.Issuer {

    private static final int MAX_BYTES = 64 * 1024;
    private static final String VALUE = "\"value\"";

    private final GitHubIdentity identity;
    private final Timeouts timeouts;
    private final TlsFiles tls;

    GitHubIssuer(GitHubIdentity identity, Timeouts timeouts, TlsFiles tls) {
        this.identity = identity;
        this.timeouts = timeouts;
        this.tls = tls;
    }

    @Override
    public String identity() {
        return identity.audience() + ' ' + identity.issuer() + '?' + identity.query();
    }

    @Override
    public Token issue(Duration limit) throws IOException {
        Route route = new Route(identity.proxy(), tls);
        try (HttpClient client =
                        new HttpClient(identity.issuer(), route, timeouts, 1, System::nanoTime);
                HttpResponse response = client.send(request(), limit)) {
            if (response.status() != Status.OK) {
                throw new IOException("it answered " + response.status());
            }
            return token(body(response));
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "GitHub issued no token at "
                            + identity.issuer().host()
                            + ": "
                            + e.getMessage()
                            + " (the job needs permissions: id-token: write)",
                    e);
        }
    }

    private HttpRequest request() {
        String query = identity.query() == null ? "" : identity.query() + '&';
        String audience = URLEncoder.encode(identity.audience(), StandardCharsets.UTF_8);
        Headers headers =
                new Headers()
                        .add("Authorization", "Bearer " + identity.requestToken().value())
                        .add("Accept", "application/json")
                        .add("User-Agent", "go-cache-adapter");
        String path = identity.issuer().path().isEmpty() ? "/?" : "?";
        return HttpRequest.get(path + query + "audience=" + audience, headers);
    }

    private static String body(HttpResponse response) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = response.read(buffer); n >= 0; n = response.read(buffer)) {
            body.write(buffer, 0, n);
            if (body.size() > MAX_BYTES) {
                throw new IOException("its answer is too long");
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /** A token has no character that JSON escapes, so what stands between the quotes is it. */
    private static Token token(String json) throws IOException {
        int at = json.indexOf(VALUE);
        int colon = at < 0 ? -1 : json.indexOf(':', at + VALUE.length());
        int from = colon < 0 ? -1 : json.indexOf('"', colon);
        int to = from < 0 ? -1 : json.indexOf('"', from + 1);
        if (to < 0) {
            throw new IOException("its answer holds no token");
        }
        return new Token(json.substring(from + 1, to));
    }
}
