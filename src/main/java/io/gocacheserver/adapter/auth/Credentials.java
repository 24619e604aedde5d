package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.auth.Credential.Token;
import io.gocacheserver.adapter.http.Authorization;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Shows the service a bearer token, the one that is valid at the time of each request. */
public record Credentials(Source source) implements Authorization {

    private static final String SCHEME = "Bearer ";

    /** Gives the token that is valid now. For many threads. */
    interface Source {

        /** The token, or null if there is none; why, {@link #problem} says ({@code limit}: longest wait for it). */
        @Nullable Token token(Duration limit);

        /** The service does not take this one any more. */
        default void refused(Token refused) {}

        /** Why there is no token, for people; or null. */
        default @Nullable String problem() {
            return null;
        }
    }

    /**
     * Of where the token comes from.
     *
     * @param timeouts of requests for a token
     * @param tls what HTTPS goes by in these
     * @param cache keeps a token that was asked for, for other processes; null for none
     */
    public static Credentials of(
            Credential credential, Timeouts timeouts, TlsFiles tls, @Nullable TokenCache cache) {
        if (credential instanceof Credential.TokenFile(String path)) {
            return new Credentials(new FileToken(path, System::nanoTime));
        }
        if (credential instanceof Credential.GitHub github) {
            return new Credentials(
                    new GitHubToken(github, timeouts, tls, cache, System::currentTimeMillis));
        }
        return new Credentials(new FixedToken((Token) credential));
    }

    @Override
    public @Nullable String header(Duration limit) {
        Token token = source.token(limit);
        return token == null ? null : SCHEME + token.value();
    }

    @Override
    public boolean renew(@Nullable String refused, Duration limit) {
        if (refused != null) {
            source.refused(new Token(refused.substring(SCHEME.length())));
        }
        String now = header(limit);
        return now != null && !now.equals(refused);
    }

    public @Nullable String problem() {
        return source.problem();
    }

    private record FixedToken(Token value) implements Source {

        @Override
        public Token token(Duration limit) {
            return value;
        }
    }
}
