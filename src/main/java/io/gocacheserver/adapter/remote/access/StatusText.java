package io.gocacheserver.adapter.remote.access;

import org.jspecify.annotations.Nullable;

/** Says to a user what an unexpected HTTP status of the service means for him. */
public final class StatusText {

    private static final int MAX_SHOWN = 200;

    private StatusText() {}

    /**
     * One line.
     *
     * @param location of a redirect, or null
     * @param withToken whether a token was sent
     */
    static String describe(int status, @Nullable String location, boolean withToken) {
        if (status >= 300 && status < 400 && location != null && status != 304) {
            return "it answered "
                    + status
                    + " and redirects to "
                    + printable(location)
                    + ": if the service is there, name that URL in --server";
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
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(value.length(), MAX_SHOWN); i++) {
            char c = value.charAt(i);
            if (c == '?' || c == '#') {
                break;
            }
            text.append(c >= ' ' && c <= '~' ? c : '_');
        }
        return text.toString();
    }
}
