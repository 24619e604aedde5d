package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.ServiceUrl;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a GitHub Actions job with {@code permissions: id-token: write}, for which GitHub issues a token (<a
 * href="https://docs.github.com/en/actions/reference/security/oidc">OpenID Connect reference</a>).
 *
 * @param issuer where to ask for the token
 * @param query of that URL, without the question mark; or null
 * @param requestToken allows to ask; a secret
 * @param audience the service that the token is for
 * @param proxy on the way there, or null
 */
public record GitHubIdentity(
        ServiceUrl issuer,
        @Nullable String query,
        Token requestToken,
        String audience,
        @Nullable ProxyUrl proxy)
        implements Credential {

    /** Set by GitHub in jobs that may ask. */
    public static final String REQUEST_URL = "ACTIONS_ID_TOKEN_REQUEST_URL";

    /** Set by GitHub beside it. */
    public static final String REQUEST_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

    /**
     * Reads what GitHub has set.
     *
     * @throws IllegalArgumentException if it makes no sense
     */
    public static GitHubIdentity of(
            String url, String requestToken, String audience, @Nullable ProxyUrl proxy) {
        int question = url.indexOf('?');
        return new GitHubIdentity(
                endpoint(url),
                question < 0 ? null : url.substring(question + 1),
                new Token(requestToken),
                audience,
                proxy);
    }

    /**
     * Where such a URL leads.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ServiceUrl endpoint(String url) {
        int question = url.indexOf('?');
        return ServiceUrl.parse(question < 0 ? url : url.substring(0, question));
    }
}
