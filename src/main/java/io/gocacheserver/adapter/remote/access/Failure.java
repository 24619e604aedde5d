package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a request.
 *
 * @param status of the answer; 0 if there was none that makes sense, {@link #TIMED_OUT} if none in time
 * @param reason for people
 * @param retryAfter the header of that name, or null
 */
public record Failure(int status, String reason, @Nullable String retryAfter) {

    /** In place of a status: there was no answer in time. */
    public static final int TIMED_OUT = -1;

    /** No answer, or none that makes sense. */
    public static Failure of(String reason) {
        return new Failure(0, reason, null);
    }

    /** An answer that is an error. */
    public static Failure of(HttpResponse response, boolean withToken) {
        return new Failure(
                response.status(),
                StatusText.describe(response.status(), response.header("Location"), withToken),
                response.header("Retry-After"));
    }

    /** Whether the same request may succeed a little later. */
    public boolean isPassing() {
        return status == 0
                || status == Status.TOO_MANY
                || (status >= 500 && status != Status.DISK_FULL);
    }
}
