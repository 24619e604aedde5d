package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

/** Gives requests their {@code Authorization} header. For many threads. */
public interface Authorization {

    /** Requests without one. */
    Authorization NONE =
            new Authorization() {
                @Override
                public @Nullable String header() {
                    return null;
                }

                @Override
                public boolean renew(@Nullable String refused) {
                    return false;
                }
            };

    /** The header's value now, or null if there is none. May wait for it, for some seconds at most. */
    @Nullable String header();

    /**
     * The service has answered 401 to a request with this header: whether there is another one now, so that the request
     * is worth repeating.
     */
    boolean renew(@Nullable String refused);
}
