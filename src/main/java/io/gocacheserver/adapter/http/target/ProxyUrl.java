package io.gocacheserver.adapter.http.target;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** Where a proxy is, TLS or not; an IPv6 address has no brackets. {@code authorization}: value of {@code Proxy-Authorization}, or null. */
public record ProxyUrl(boolean tls, String host, int port, @Nullable String authorization) {

    /**
     * The proxy that the environment names for a service, or null, by the rules of Go's net/http (golang.org/x/net/http/httpproxy): {@code
     * HTTPS_PROXY} for https, {@code HTTP_PROXY} for http, {@code NO_PROXY} for exceptions, each in lower case too. {@code HTTP_PROXY} counts
     * for nothing in a CGI process, where a client could set it. A server on this machine needs no proxy.
     *
     * @throws IllegalArgumentException that names the variable and says what is wrong with it
     */
    public static @Nullable ProxyUrl of(ServiceUrl url, Map<String, String> environment) {
        String variable = url.tls() ? "HTTPS_PROXY" : "HTTP_PROXY";
        String proxy = either(environment, variable);
        if (url.socket() != null
                || proxy.isEmpty()
                || (!url.tls() && environment.get("REQUEST_METHOD") != null)
                || isExcepted(either(environment, "NO_PROXY"), url.host(), url.port())) {
            return null;
        }
        try {
            return parse(proxy);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads {@code [http[s]://][user:password@]host[:port]}. As in Go's net/http, a missing scheme means http.
     *
     * @throws IllegalArgumentException that says what is wrong, but not the password
     */
    public static ProxyUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("it is no URL of a proxy: " + e.getReason(), e);
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if (!tls && !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "only proxies with http:// or https:// can be used, not " + uri.getScheme());
        }
        String host = uri.getHost();
        int port = ServiceUrl.port(uri, tls);
        if (host == null || port < 0) {
            throw new IllegalArgumentException("it names no host and port of a proxy");
        }
        return new ProxyUrl(tls, ServiceUrl.bare(host), port, basic(uri.getUserInfo()));
    }

    private static @Nullable String basic(@Nullable String user) {
        if (user == null) {
            return null;
        }
        String pair = user.indexOf(':') < 0 ? user + ':' : user;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String either(Map<String, String> environment, String upper) {
        String value = environment.getOrDefault(upper, "");
        return value.isEmpty()
                ? environment.getOrDefault(upper.toLowerCase(Locale.ROOT), "")
                : value;
    }

    /**
     * Whether {@code NO_PROXY} names a host. Its entries are separated by commas: {@code *} for all; a name for itself and the names below it;
     * {@code .name} or {@code *.name} for those below it only; an address; a range like {@code 10.0.0.0/8}. A name or an address may have a
     * port. Names are not looked up.
     */
    private static boolean isExcepted(String exceptions, String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        InetAddress address = literal(name);
        if (name.equals("localhost") || (address != null && address.isLoopbackAddress())) {
            return true;
        }
        for (String entry : exceptions.split(",", -1)) {
            if (matches(entry.strip().toLowerCase(Locale.ROOT), name, address, port)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(
            String entry, String name, @Nullable InetAddress address, int port) {
        if (entry.isEmpty() || entry.equals("*")) {
            return !entry.isEmpty();
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return address != null && inRange(entry, slash, address);
        }
        int colon = literal(entry) == null ? entry.lastIndexOf(':') : -1;
        String host = colon < 0 ? entry : entry.substring(0, colon);
        if (colon >= 0 && !entry.substring(colon + 1).equals(Integer.toString(port))) {
            return false;
        }
        if (address != null) {
            return address.equals(literal(ServiceUrl.bare(host)));
        }
        String domain = host.startsWith("*.") ? host.substring(1) : host;
        return domain.startsWith(".")
                ? name.endsWith(domain)
                : name.equals(domain) || name.endsWith("." + domain);
    }

    private static boolean inRange(String entry, int slash, InetAddress address) {
        InetAddress network = literal(entry.substring(0, slash));
        String length = entry.substring(slash + 1);
        if (network == null || !length.matches("[0-9]{1,3}")) {
            return false;
        }
        byte[] a = address.getAddress();
        byte[] b = network.getAddress();
        int ignored = 8 * a.length - Integer.parseInt(length);
        BigInteger difference = new BigInteger(1, a).xor(new BigInteger(1, b));
        return a.length == b.length && ignored >= 0 && difference.shiftRight(ignored).signum() == 0;
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return text.isEmpty() ? null : InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Where it is, without the password. */
    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + ServiceUrl.bracketed(host) + ":" + port;
    }
}
