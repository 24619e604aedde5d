package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.ServiceUrl;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A request, which can be sent more than once; the path is below the service's base URL, headers are those beyond HTTP's own. */
public record HttpRequest(String method, String path, Headers headers, @Nullable RequestBody body) {

    public static HttpRequest get(String path, Headers headers) {
        return new HttpRequest("GET", path, headers, null);
    }

    public static HttpRequest head(String path, Headers headers) {
        return new HttpRequest("HEAD", path, headers, null);
    }

    public static HttpRequest put(String path, Headers headers) {
        return new HttpRequest("PUT", path, headers, null);
    }

    public static HttpRequest put(String path, Headers headers, RequestBody body) {
        return new HttpRequest("PUT", path, headers, body);
    }

    public static HttpRequest post(String path, Headers headers, RequestBody body) {
        return new HttpRequest("POST", path, headers, body);
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** The head as sent to the service at {@code url}, by way of a proxy that reads it, or null. */
    byte[] head(ServiceUrl url, @Nullable ProxyUrl proxy, @Nullable String authorization) {
        StringBuilder head = new StringBuilder(512);
        head.append(method).append(' ');
        if (proxy != null) {
            head.append("http://").append(url.authority());
        }
        head.append(url.path()).append(path).append(" HTTP/1.1\r\n");
        if (proxy != null && proxy.authorization() != null) {
            line(head, "Proxy-Authorization", proxy.authorization());
        }
        line(head, "Host", url.authority());
        if (authorization != null) {
            line(head, "Authorization", authorization);
        }
        for (int i = 0; i < headers.size(); i++) {
            line(head, headers.name(i), headers.value(i));
        }
        if (body != null) {
            line(head, "Content-Length", Long.toString(body.length()));
        } else if (method.equals("PUT")) {
            line(head, "Content-Length", "0");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    @Override
    public String toString() {
        return method.toUpperCase(Locale.ROOT) + " " + path;
    }
}
