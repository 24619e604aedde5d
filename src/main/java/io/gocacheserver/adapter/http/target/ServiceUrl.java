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

    /** A service that is reached by TCP. */
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
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw invalid(text, "it must not have a query or fragment");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        if (port == 0 || port > MAX_PORT) {
            throw invalid(text, "it has no port from 1 to " + MAX_PORT);
        }
        String path = uri.getRawPath();
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new ServiceUrl(tls, host, port, path);
    }

    private static ServiceUrl unix(String text, URI uri) {
        String path = uri.getPath();
        if (uri.getRawAuthority() != null || path == null || path.length() < 2) {
            throw invalid(
                    text, "it names no file; a Unix socket is written unix:///run/cache.sock");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw invalid(text, "it must not have a query or fragment");
        }
        return new ServiceUrl(false, "localhost", 80, "", path);
    }

    /** Host and port, as CONNECT wants them. */
    public String hostAndPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The value of the {@code Host} header. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return socket != null
                ? "unix://" + socket
                : (tls ? "https://" : "http://") + authority() + path;
    }

    private static IllegalArgumentException invalid(String text, String reason) {
        return new IllegalArgumentException(
                "\""
                        + text
                        + "\" is no URL of a service: "
                        + reason
                        + ". Write it like http://host:8080");
    }
}
