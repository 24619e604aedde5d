package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.adapter.http.Status;

import java.time.Duration;

/**
 * Lets one session's Gets, or its Puts, through to the service. It adds to the breaker, which all sessions share, what
 * the answers say: who is refused (401, 403, 407) is refused for the rest of the session, and a service that says how
 * long it wants to be left alone is left alone so long. One that says only that its S3 does not answer (502 with {@code
 * Retry-After}) is asked on, for what its disk has.
 */
public final class Gate {

    private final CircuitBreaker breaker;
    private volatile boolean refused;

    public Gate(CircuitBreaker breaker) {
        this.breaker = breaker;
    }

    /** Whether a request may be made; if so, one of the other methods must follow. */
    public boolean tryPass() {
        return !refused && breaker.tryPass();
    }

    public boolean isPassable() {
        return !refused && breaker.isPassable();
    }

    public boolean isOpen() {
        return !refused && !breaker.isOpen();
    }

    public void answered() {
        breaker.succeeded();
    }

    /** There was no answer, or none that makes sense. */
    public void failed() {
        breaker.failed();
    }

    public void failed(Failure failure) {
        int status = failure.status();
        if (status == Status.UNAUTHORIZED
                || status == Status.FORBIDDEN
                || status == Status.PROXY_AUTHENTICATION) {
            refused = true;
            breaker.succeeded();
            return;
        }
        if (status == Status.BAD_GATEWAY && failure.retryAfter() != null) {
            breaker.succeeded();
            return;
        }
        Duration pause = failure.pause();
        if (pause.isZero()) {
            breaker.failed();
        } else {
            breaker.pause(pause);
        }
    }
}
