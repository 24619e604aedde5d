package io.gocacheserver.adapter.auth;

/**
 * A file that holds the token, such as a projected one of Kubernetes, and is replaced before that expires.
 *
 * @param path absolute
 */
public record TokenFileName(String path) implements Credential {

    /** Where a Kubernetes pod's token for this service is looked for if nobody says anything else. */
    public static final String PROJECTED = "/var/run/secrets/go-cache-server/token";
}
