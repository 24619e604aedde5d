package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.connection.Connection;
import io.gocacheserver.adapter.http.connection.Deadline;
import io.gocacheserver.adapter.http.connection.TcpDialer;
import io.gocacheserver.adapter.http.connection.TcpTransport;
import io.gocacheserver.adapter.http.connection.Tls;
import io.gocacheserver.adapter.http.connection.TlsTransport;
import io.gocacheserver.adapter.http.connection.Transport;
import io.gocacheserver.adapter.http.connection.UnixTransport;
import io.gocacheserver.adapter.http.connection.Watchdog;
import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.util.Objects;

/** Opens connections to one service: by TCP or a Unix socket, through a proxy if there is one, in TLS if asked. */
final class Connector {

    private final ServiceUrl url;
    private final @Nullable ProxyUrl proxy;
    private final Timeouts timeouts;
    private final Watchdog watchdog;
    private final @Nullable Tls tls;

    Connector(ServiceUrl url, Route route, Timeouts timeouts, Watchdog watchdog) {
        this.url = url;
        this.proxy = route.proxy();
        this.timeouts = timeouts;
        this.watchdog = watchdog;
        this.tls = url.tls() || (proxy != null && proxy.tls()) ? new Tls(route.tls()) : null;
    }

    /**
     * A new connection.
     *
     * @param deadline of the request that needs it
     * @param attempt of connecting alone
     */
    Connection connect(Deadline deadline, Deadline attempt) throws IOException {
        String path = url.socket();
        Transport transport = path == null ? open(deadline, attempt) : unix(path, attempt);
        return new Connection(transport, timeouts.read(), deadline);
    }

    private static Transport unix(String path, Deadline attempt) throws IOException {
        return UnixTransport.connect(path, attempt);
    }

    private Transport open(Deadline deadline, Deadline attempt) throws IOException {
        String host = proxy == null ? url.host() : proxy.host();
        int port = proxy == null ? url.port() : proxy.port();
        Socket socket = new TcpDialer(host, port, timeouts.connect()).dial(attempt);
        try {
            socket.setTcpNoDelay(true);
            // A handshake's own work may take longer than connecting, in a young JVM.
            return tls == null ? new TcpTransport(socket) : secure(tls, socket, deadline);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private Transport secure(Tls layer, Socket raw, Deadline deadline) throws IOException {
        try (Watchdog.Guard guard = watchdog.guard(raw, deadline)) {
            Socket socket = raw;
            Transport transport = null;
            if (proxy != null) {
                transport = new TcpTransport(raw);
                if (proxy.tls()) {
                    var wrapped = layer.wrap(raw, proxy.host(), proxy.port(), millis(deadline));
                    transport = new TlsTransport(raw, wrapped, proxy.host(), watchdog);
                    socket = wrapped;
                }
                if (url.tls()) {
                    new Tunnel(proxy, timeouts.read()).open(url, transport, deadline);
                }
            }
            if (url.tls()) {
                var wrapped = layer.wrap(socket, url.host(), url.port(), millis(deadline));
                transport = new TlsTransport(raw, wrapped, url.host(), watchdog);
            }
            guard.completed();
            return Objects.requireNonNull(transport);
        }
    }

    private int millis(Deadline deadline) throws IOException {
        return deadline.remainingMillis(timeouts.read());
    }
}
