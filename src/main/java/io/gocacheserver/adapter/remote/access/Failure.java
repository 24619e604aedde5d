package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The failure of a request.
 *
 * @param status of the answer; 0 if there was none that makes sense, {@link #TIMED_OUT} if none in time
 * @param reason for people, in one line
 * @param retryAfter the header of that name, or null
 */
public record Failure(int status, String reason, @Nullable String retryAfter) {

    /** In place of a status: there was no answer in time. */
    public static final int TIMED_OUT = -1;

    /** Longest pause that a service is believed to want: by then it may be well again. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final int MAX_SHOWN = 200;

    /** No answer, or none that makes sense. */
    public static Failure of(Exception cause) {
        return new Failure(0, reason(cause), null);
    }

    public static Failure of(HttpResponse response, boolean withToken) {
        return new Failure(
                response.status(),
                describe(response.status(), response.header("Location"), withToken),
                response.header("Retry-After"));
    }

    public static String reason(Exception cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** Whether the same request may succeed a moment later. A service that says how long to wait is not asked before. */
    public boolean isPassing() {
        return retryAfter == null
                && (status == 0
                        || status == Status.TOO_MANY
                        || (status >= 500 && status != Status.DISK_FULL));
    }

    /** How long a service that is too busy asks to be left alone: the seconds of {@code Retry-After}, else zero. */
    Duration pause() {
        boolean busy = status == Status.TOO_MANY || status == Status.UNAVAILABLE;
        if (!busy || retryAfter == null || !retryAfter.matches("[0-9]{1,9}")) {
            return Duration.ZERO;
        }
        Duration pause = Duration.ofSeconds(Integer.parseInt(retryAfter));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static String describe(int status, @Nullable String location, boolean withToken) {
        if (status >= 300 && status < 400 && location != null && status != Status.NOT_MODIFIED) {
            return "it answered %d and redirects to %s: if the service is there, name that URL in --server"
                    .formatted(status, printable(location));
        }
        String meaning =
                switch (status) {
                    case 401 -> withToken ? ": check the token" : ": it wants a token, see --token";
                    case 403 ->
                            withToken
                                    ? ": check what the token allows"
                                    : ": it may want a token, see --token, or is not the service";
                    case 404, 405 -> ": is this a go-cache-server?";
                    case 407 -> ": the proxy wants a user and password, in HTTP_PROXY";
                    case 413 -> ": an object is too large for it";
                    case 429, 503 -> ": it is too busy";
                    case 507 -> ": its disk is full";
                    default -> status < 400 ? ": check the URL" : "";
                };
        return "it answered " + status + meaning;
    }

    /** A header's value without what a terminal would act on, and without a URL's query, which may hold a secret. */
    public static String printable(String value) {
        String shown = value.split("[?#]", 2)[0];
        return shown.substring(0, Math.min(shown.length(), MAX_SHOWN)).replaceAll("[^ -~]", "_");
    }
}
