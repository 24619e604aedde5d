package io.gocacheserver.adapter.auth;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A token that is asked for when it is needed, and again a minute before it expires. A request waits some seconds for it at
 * most. Unless the service refuses its token, the issuer is asked again after half a minute at the earliest: a build does
 * not wait for it with each request.
 */
final class IssuedToken implements TokenSource {

    /** Issues a token. */
    interface Issuer {
        /**
         * A new one.
         *
         * @param limit longest wait for it
         * @throws IOException that says why there is none
         */
        Token issue(Duration limit) throws IOException;

        /** Tells tokens of this issuer, for this identity, from others; one line without a secret. */
        String identity();
    }

    private static final long EARLY_MILLIS = 60_000;
    private static final long RETRY_MILLIS = 30_000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Issuer issuer;
    private final @Nullable TokenCache cache;
    private final LongSupplier clock;

    /** Held while the issuer is asked. */
    private final ReentrantLock asking = new ReentrantLock();

    private volatile @Nullable Issued issued;
    private volatile @Nullable String problem;
    private long askedAt;

    private record Issued(Token token, long expires) {

        boolean isValid(long now) {
            return now < expires;
        }
    }

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
    public @Nullable Token token(Duration limit) {
        long now = clock.getAsLong();
        Issued known = issued;
        if (known == null || !known.isValid(now + EARLY_MILLIS)) {
            renew(now, limit.compareTo(LONGEST_WAIT) < 0 ? limit : LONGEST_WAIT);
            known = issued;
        }
        return known != null && known.isValid(now) ? known.token() : null;
    }

    @Override
    public void refused(Token refused) {
        Issued known = issued;
        if (known != null && refused.equals(known.token())) {
            issued = null;
            if (cache != null) {
                cache.remove();
            }
        }
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    private void renew(long now, Duration limit) {
        try {
            if (!asking.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            Issued known = issued;
            if (known != null && known.isValid(now + EARLY_MILLIS)) {
                return; // another thread has asked meanwhile
            }
            boolean first = known == null && problem == null;
            if (first && adopt(now)) {
                return;
            }
            if (first || now - askedAt >= RETRY_MILLIS || now < askedAt) {
                ask(now, limit);
            }
        } finally {
            asking.unlock();
        }
    }

    /** Takes what another process got; whether there was something. */
    private boolean adopt(long now) {
        Token known = cache == null ? null : cache.read(issuer);
        if (known == null) {
            return false;
        }
        Issued adopted = new Issued(known, JsonWebToken.expiry(known, now));
        if (!adopted.isValid(now + EARLY_MILLIS)) {
            return false;
        }
        issued = adopted;
        return true;
    }

    private void ask(long now, Duration limit) {
        askedAt = now;
        try {
            Token token = issuer.issue(limit);
            Issued fresh = new Issued(token, JsonWebToken.expiry(token, now));
            if (!fresh.isValid(now)) {
                throw new IOException(
                        "the token that was issued has expired already: is this machine's clock right?");
            }
            issued = fresh;
            problem = null;
            if (cache != null) {
                cache.write(issuer, token);
            }
        } catch (IOException e) {
            problem = e.getMessage();
        }
    }
}
