package io.gocacheserver.adapter.http.target;

import org.jspecify.annotations.Nullable;

/** How to get to a service: by a proxy or null, and what TLS goes by, where it is spoken. */
public record Route(@Nullable ProxyUrl proxy, TlsFiles tls) {

    public static final Route DIRECT = new Route(null, TlsFiles.NONE);
}
