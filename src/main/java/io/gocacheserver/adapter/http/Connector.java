package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLSocket;

/** Opens connections to one service: by TCP or a Unix socket, through a proxy if there is one, in TLS if asked. */
final class Connector {

    private final ServiceUrl url;
    private final @Nullable ProxyUrl proxy;
    private final Timeouts timeouts;
    private final @Nullable Tls tls;

    Connector(ServiceUrl url, Route route, Timeouts timeouts) {
        this.url = url;
        this.proxy = route.proxy();
        this.timeouts = timeouts;
        this.tls = url.tls() || (proxy != null && proxy.tls()) ? new Tls(route.tls()) : null;
    }

    /** A new connection for a request with that deadline; connecting alone may take as long as {@code attempt}. */
    Connection connect(Deadline deadline, Deadline attempt) throws IOException {
        if (url.socket() != null) {
            return unix(url.socket(), deadline, attempt);
        }
        Socket socket = dial(attempt);
        try {
            socket.setTcpNoDelay(true);
            // A handshake's own work may take longer than connecting, in a young JVM.
            return tls == null ? over(socket, socket, "", deadline) : secure(tls, socket, deadline);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private Connection unix(String path, Deadline deadline, Deadline attempt) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (Watchdog watchdog = new Watchdog(channel, attempt.remainingNanos())) {
            channel.connect(UnixDomainSocketAddress.of(path));
            watchdog.completed();
            return new Connection(
                    channel,
                    null,
                    path,
                    Channels.newInputStream(channel),
                    Channels.newOutputStream(channel),
                    timeouts.read(),
                    deadline);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException(
                    e instanceof AsynchronousCloseException || e instanceof SocketTimeoutException
                            ? "could not connect to " + path + " in time: its queue is full"
                            : "cannot connect to " + path + ": " + e.getMessage(),
                    e);
        }
    }

    private Socket dial(Deadline attempt) throws IOException {
        String host = proxy == null ? url.host() : proxy.host();
        int port = proxy == null ? url.port() : proxy.port();
        IOException failure = new UnknownHostException("unknown host " + host);
        for (InetAddress address : resolve(host, attempt)) {
            Socket socket = new Socket(Proxy.NO_PROXY);
            try {
                int millis = attempt.remainingMillis(timeouts.connect());
                socket.connect(new InetSocketAddress(address, port), millis);
                return socket;
            } catch (SocketTimeoutException e) {
                socket.close();
                failure = timedOut("connect", e);
            } catch (IOException e) {
                socket.close();
                failure = new IOException("cannot connect: " + e.getMessage(), e);
            }
        }
        throw failure;
    }

    /** Looks the name up in a thread of its own, since the system's resolver knows no timeout. */
    private InetAddress[] resolve(String host, Deadline attempt) throws IOException {
        FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().name("resolve " + host).start(lookup);
        try {
            int millis = attempt.remainingMillis(timeouts.connect());
            return lookup.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("unknown host " + host, e.getCause());
        } catch (TimeoutException e) {
            throw timedOut("look up the host", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private IOException timedOut(String what, Exception cause) {
        long millis = timeouts.connect().toMillis();
        return new IOException("could not " + what + " within " + millis + " ms", cause);
    }

    private Connection over(Socket raw, Socket socket, String host, Deadline deadline)
            throws IOException {
        return new Connection(
                raw,
                tls == null ? raw : null,
                host,
                socket.getInputStream(),
                socket.getOutputStream(),
                timeouts.read(),
                deadline);
    }

    private Connection secure(Tls layer, Socket raw, Deadline deadline) throws IOException {
        try (Watchdog watchdog = new Watchdog(raw, deadline.remainingNanos())) {
            Socket socket = raw;
            String host = "";
            if (proxy != null) {
                if (proxy.tls()) {
                    host = proxy.host();
                    socket = wrap(layer, raw, host, proxy.port(), deadline);
                }
                if (url.tls()) {
                    openTunnel(proxy, over(raw, socket, host, deadline));
                }
            }
            if (url.tls()) {
                host = url.host();
                socket = wrap(layer, socket, host, url.port(), deadline);
            }
            watchdog.completed();
            return over(raw, socket, host, deadline);
        }
    }

    private SSLSocket wrap(Tls layer, Socket socket, String host, int port, Deadline deadline)
            throws IOException {
        return layer.wrap(socket, host, port, deadline.remainingMillis(timeouts.read()));
    }

    /**
     * Asks the proxy for a way through to the service (CONNECT, RFC 9110, 9.3.6). On return, what goes through the connection's streams
     * goes there.
     */
    private void openTunnel(ProxyUrl way, Connection connection) throws IOException {
        String target = url.hostAndPort();
        String head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
        if (way.authorization() != null) {
            head += "Proxy-Authorization: " + way.authorization() + "\r\n";
        }
        byte[] bytes = (head + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        connection.write(bytes, 0, bytes.length);
        int status;
        try {
            status = ResponseHead.read(connection).status();
        } catch (IOException e) {
            throw new IOException("the proxy " + way + " failed: " + e.getMessage(), e);
        }
        if (status == Status.PROXY_AUTHENTICATION) {
            throw new IOException(
                    "the proxy %s answered 407: it wants a user and password, in HTTPS_PROXY like http://user:password@host:port"
                            .formatted(way));
        }
        if (status >= 300 || connection.hasUnread()) {
            throw new IOException(
                    "the proxy %s answered %d to CONNECT %s: does it allow this host and port? NO_PROXY goes around it"
                            .formatted(way, status, target));
        }
    }
}
