package io.gocacheserver.adapter.http.target;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a proxy is, and who asks it.
 *
 * @param tls whether to speak TLS to the proxy itself
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param authorization value of {@code Proxy-Authorization}, or null
 */
public record ProxyUrl(boolean tls, String host, int port, @Nullable String authorization) {

    /**
     * Reads {@code [http[s]://][user:password@]host[:port]}. As in Go's net/http, a missing scheme means http.
     *
     * @throws IllegalArgumentException that says what is wrong, but not the password
     */
    public static ProxyUrl parse(String text) {
        String whole = text.contains("://") ? text : "http://" + text;
        URI uri;
        try {
            uri = new URI(whole);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("it is no URL of a proxy: " + e.getReason(), e);
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if (!tls && !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "only proxies with http:// or https:// can be used, not " + uri.getScheme());
        }
        String host = uri.getHost();
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        if (host == null || port == 0 || port > 65_535) {
            throw new IllegalArgumentException("it names no host and port of a proxy");
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new ProxyUrl(tls, host, port, basic(uri.getUserInfo()));
    }

    private static @Nullable String basic(@Nullable String user) {
        if (user == null) {
            return null;
        }
        String pair = user.indexOf(':') < 0 ? user + ':' : user;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** Where it is, without the password. */
    @Override
    public String toString() {
        return (tls ? "https://" : "http://")
                + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
                + ":"
                + port;
    }
}
