package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.ServiceUrl;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Where the bearer token comes from. None tells its secret in {@link Object#toString}. */
public sealed interface Credential {

    /** The token itself ({@code value}: visible ASCII). */
    record Token(String value) implements Credential {

        private static final int MAX_LENGTH = 16 * 1024;

        /** Throws an {@link IllegalArgumentException} if it cannot go into a header. */
        public Token {
            if (value.isEmpty() || value.length() > MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "a token has 1 to " + MAX_LENGTH + " characters");
            }
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
                    throw new IllegalArgumentException(
                            "a token has no blanks, line breaks or other than ASCII characters");
                }
            }
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** A file that holds the token, such as a projected one of Kubernetes, and is replaced before that expires; absolute. */
    record TokenFile(String path) implements Credential {
        /** The default token file: a Kubernetes pod's token for this service. */
        public static final String PROJECTED = "/var/run/secrets/go-cache-server/token";
    }

    /**
     * A job of GitHub Actions, which may ask GitHub for a token that says whose job it is (see GitHub's <a
     * href="https://docs.github.com/en/actions/reference/security/oidc">OpenID Connect reference</a>).
     *
     * @param issuer where to ask for the token
     * @param query of that URL, without the question mark; empty for none
     * @param requestToken allows to ask; a secret
     * @param audience the service that the token is for
     * @param proxy on the way there, or null
     */
    record GitHub(
            ServiceUrl issuer,
            String query,
            Token requestToken,
            String audience,
            @Nullable ProxyUrl proxy)
            implements Credential {

        /** Set by GitHub in jobs that may ask. */
        public static final String REQUEST_URL = "ACTIONS_ID_TOKEN_REQUEST_URL";

        public static final String REQUEST_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

        /** Reads what GitHub has set; the environment may name a proxy. Fails if it makes no sense. */
        public static GitHub of(
                String url, String requestToken, String audience, Map<String, String> environment) {
            int question = url.indexOf('?');
            ServiceUrl issuer = ServiceUrl.parse(question < 0 ? url : url.substring(0, question));
            return new GitHub(
                    issuer,
                    question < 0 ? "" : url.substring(question + 1),
                    new Token(requestToken),
                    audience,
                    ProxyUrl.of(issuer, environment));
        }
    }
}
