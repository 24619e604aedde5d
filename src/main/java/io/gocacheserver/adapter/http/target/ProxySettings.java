package io.gocacheserver.adapter.http.target;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Which proxy the environment names, by the rules of Go's net/http (golang.org/x/net/http/httpproxy): {@code
 * HTTPS_PROXY} for https, {@code HTTP_PROXY} for http, {@code NO_PROXY} for exceptions, each in lower case too. {@code
 * HTTP_PROXY} counts for nothing in a CGI process, where a client could set it. A server on this machine needs no proxy.
 */
public final class ProxySettings {

    private ProxySettings() {}

    /**
     * The proxy for a service, or null.
     *
     * @throws IllegalArgumentException that names the variable and says what is wrong with it
     */
    public static @Nullable ProxyUrl proxyFor(ServiceUrl url, Map<String, String> environment) {
        if (url.socket() != null) {
            return null;
        }
        String variable = url.tls() ? "HTTPS_PROXY" : "HTTP_PROXY";
        String proxy = either(environment, variable, url.tls() ? "https_proxy" : "http_proxy");
        if (proxy == null || (!url.tls() && environment.get("REQUEST_METHOD") != null)) {
            return null;
        }
        String exceptions = either(environment, "NO_PROXY", "no_proxy");
        if (NoProxy.excepts(exceptions == null ? "" : exceptions, url.host(), url.port())) {
            return null;
        }
        try {
            return ProxyUrl.parse(proxy);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable String either(
            Map<String, String> environment, String upper, String lower) {
        String value = environment.get(upper);
        if (value == null || value.isEmpty()) {
            value = environment.get(lower);
        }
        return value == null || value.isEmpty() ? null : value;
    }
}
