package io.gocacheserver.adapter.auth;

/**
 * A file that holds the token, such as a projected one of Kubernetes, and is replaced before that expires.
 *
 * @param path absolute
 */
public record TokenFileName(String path) implements Credential {

    /** The default token file: a Kubernetes pod's token for this service. */
    public static final String PROJECTED = "/var/run/secrets/go-cache-server/token";
}
