package io.gocacheserver.adapter.auth;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * A token that is asked for when it is needed, and again a minute before it expires. When the issuer does not answer, it is
 * asked again after half a minute at the earliest: a build does not wait for it with each request.
 */
final class IssuedToken implements TokenSource {

    /** Issues a token. */
    interface Issuer {
        /**
         * A new one.
         *
         * @throws IOException that says why there is none
         */
        Token issue() throws IOException;

        /** Tells tokens of this issuer, for this identity, from others; one line without a secret. */
        String identity();
    }

    private static final long EARLY_MILLIS = 60_000;
    private static final long RETRY_MILLIS = 30_000;

    private final Issuer issuer;
    private final @Nullable TokenCache cache;
    private final LongSupplier clock;
    private @Nullable Token token;
    private long expires;
    private @Nullable String problem;
    private long failedAt;

    /**
     * @param cache what other processes got, or null
     * @param clock milliseconds since 1970
     */
    IssuedToken(Issuer issuer, @Nullable TokenCache cache, LongSupplier clock) {
        this.issuer = issuer;
        this.cache = cache;
        this.clock = clock;
    }

    @Override
    public synchronized @Nullable Token token() {
        long now = clock.getAsLong();
        if (token != null && now < expires - EARLY_MILLIS) {
            return token;
        }
        if (token == null && cache != null && problem == null && adopt(cache.read(issuer), now)) {
            return token;
        }
        if (problem == null || now - failedAt >= RETRY_MILLIS || now < failedAt) {
            ask(now);
        }
        return token != null && now < expires ? token : null;
    }

    @Override
    public synchronized void refused(Token refused) {
        if (refused.equals(token)) {
            token = null;
            if (cache != null) {
                cache.remove();
            }
        }
    }

    @Override
    public synchronized @Nullable String problem() {
        return problem;
    }

    private boolean adopt(@Nullable Token known, long now) {
        if (known == null || now >= JsonWebToken.expiry(known, now) - EARLY_MILLIS) {
            return false;
        }
        token = known;
        expires = JsonWebToken.expiry(known, now);
        return true;
    }

    private void ask(long now) {
        try {
            Token issued = issuer.issue();
            token = issued;
            expires = JsonWebToken.expiry(issued, now);
            problem = null;
            if (cache != null) {
                cache.write(issuer, issued);
            }
        } catch (IOException e) {
            problem = e.getMessage();
            failedAt = now;
        }
    }
}
