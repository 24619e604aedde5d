package io.gocacheserver.adapter.remote;

/** Says to a user what an unexpected HTTP status of the service means for him. */
final class StatusText {

    private StatusText() {}

    static String describe(int status) {
        String meaning =
                switch (status) {
                    case 401, 403 -> ": check the token";
                    case 404, 405 -> ": is this a go-cache-server?";
                    case 413 -> ": an object is too large for it";
                    case 429, 503 -> ": it is too busy";
                    case 507 -> ": its disk is full";
                    default -> status < 400 ? ": check the URL" : "";
                };
        return "it answered " + status + meaning;
    }
}
