package io.gocacheserver.adapter.http;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the service is.
 *
 * @param tls whether to speak HTTPS
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param path before every path of the contract: empty, or begins with a slash and does not end with one
 */
public record ServiceUrl(boolean tls, String host, int port, String path) {

    private static final int MAX_PORT = 65_535;

    /**
     * Reads a base URL such as {@code http://cache:8080} or {@code https://example.org/go-cache/}.
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
        boolean tls = "https".equalsIgnoreCase(scheme);
        if (!tls && !"http".equalsIgnoreCase(scheme)) {
            throw invalid(text, "it must begin with http:// or https://");
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

    /** The value of the {@code Host} header. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority() + path;
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
