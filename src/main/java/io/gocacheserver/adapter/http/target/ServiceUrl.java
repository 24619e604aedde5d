package io.gocacheserver.adapter.http.target;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the service is.
 *
 * @param tls whether to speak HTTPS
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param path before every path of the contract: empty, or begins with a slash and does not end with one
 * @param socket the Unix socket where it listens, or null
 */
public record ServiceUrl(boolean tls, String host, int port, String path, @Nullable String socket) {

    private static final int MAX_PORT = 65_535;

    public ServiceUrl(boolean tls, String host, int port, String path) {
        this(tls, host, port, path, null);
    }

    /**
     * Reads a base URL such as {@code http://cache:8080}, {@code https://example.org/go-cache/} or {@code
     * unix:///run/cache.sock}.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static ServiceUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw invalid(text, e.getReason());
        }
        String scheme = uri.getScheme();
        if ("unix".equalsIgnoreCase(scheme)) {
            return unix(text, uri);
        }
        boolean tls = "https".equalsIgnoreCase(scheme);
        if (!tls && !"http".equalsIgnoreCase(scheme)) {
            throw invalid(text, "it must begin with http://, https:// or unix://");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw invalid(text, "it names no host");
        }
        if (uri.getRawUserInfo() != null) {
            throw invalid(text, "it must not hold a user or password; pass --token");
        }
        requirePathOnly(text, uri);
        int port = port(uri, tls);
        if (port < 0) {
            throw invalid(text, "it has no port from 1 to " + MAX_PORT);
        }
        String path = uri.getRawPath();
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return new ServiceUrl(tls, bare(host), port, path);
    }

    private static ServiceUrl unix(String text, URI uri) {
        String path = uri.getPath();
        if (uri.getRawAuthority() != null || path == null || path.length() < 2) {
            throw invalid(
                    text, "it names no file; a Unix socket is written unix:///run/cache.sock");
        }
        requirePathOnly(text, uri);
        return new ServiceUrl(false, "localhost", 80, "", path);
    }

    private static void requirePathOnly(String text, URI uri) {
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw invalid(text, "it must not have a query or fragment");
        }
    }

    /** The port of an HTTP URL; -1 if it names one that cannot be. */
    static int port(URI uri, boolean tls) {
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        return port == 0 || port > MAX_PORT ? -1 : port;
    }

    /** An address of IPv6 without its brackets; anything else as it is. */
    static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    public String hostAndPort() {
        return bracketed(host) + ":" + port;
    }

    public String authority() {
        return port == (tls ? 443 : 80) ? bracketed(host) : hostAndPort();
    }

    @Override
    public String toString() {
        return socket != null
                ? "unix://" + socket
                : (tls ? "https://" : "http://") + authority() + path;
    }

    private static IllegalArgumentException invalid(String text, String reason) {
        return new IllegalArgumentException(
                "\"%s\" is no URL of a service: %s. Write it like http://host:8080"
                        .formatted(text, reason));
    }
}
