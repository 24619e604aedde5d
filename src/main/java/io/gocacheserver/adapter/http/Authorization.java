package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Gives requests their {@code Authorization} header. For many threads. */
public interface Authorization {

    Authorization NONE = new Authorization() {};

    /** The header's value now, or null if there is none ({@code limit}: longest wait for it). */
    default @Nullable String header(Duration limit) {
        return null;
    }

    /** The service has answered 401 to this header: whether there is another one now ({@code limit}: longest wait for it). */
    default boolean renew(@Nullable String refused, Duration limit) {
        return false;
    }
}
