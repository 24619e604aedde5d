package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.auth.Credential.Token;
import io.gocacheserver.adapter.http.Authorization;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Shows the service a bearer token, the one that is valid at the time of each request. For many threads. */
public abstract class Credentials implements Authorization {

    private static final String SCHEME = "Bearer ";

    /**
     * Of where the token comes from.
     *
     * @param timeouts of requests for a token
     * @param tls what HTTPS goes by in these
     */
    public static Credentials of(Credential credential, Timeouts timeouts, TlsFiles tls) {
        if (credential instanceof Credential.TokenFile(String path)) {
            return new FileToken(path, System::nanoTime);
        }
        if (credential instanceof Credential.GitHub job) {
            return new GitHubToken(job, timeouts, tls, System::currentTimeMillis);
        }
        return new Credentials() {
            @Override
            Token token(Duration limit) {
                return (Token) credential;
            }
        };
    }

    /** The token, or null if there is none; why, {@link #problem} says ({@code limit}: longest wait for it). */
    abstract @Nullable Token token(Duration limit);

    /** The service does not take this one any more. */
    void refused(Token refused) {}

    /** Why there is no token, for people; or null. */
    public @Nullable String problem() {
        return null;
    }

    @Override
    public final @Nullable String header(Duration limit) {
        Token token = token(limit);
        return token == null ? null : SCHEME + token.value();
    }

    @Override
    public final boolean renew(@Nullable String refused, Duration limit) {
        if (refused != null) {
            refused(new Token(refused.substring(SCHEME.length())));
        }
        String now = header(limit);
        return now != null && !now.equals(refused);
    }
}
