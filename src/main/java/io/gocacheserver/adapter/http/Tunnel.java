package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.connection.Connection;
import io.gocacheserver.adapter.http.connection.Deadline;
import io.gocacheserver.adapter.http.connection.HttpException;
import io.gocacheserver.adapter.http.connection.Transport;
import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.ServiceUrl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks a proxy for a way through to a service (CONNECT, RFC 9110, 9.3.6).
 *
 * @param readTimeout for the proxy's next byte
 */
record Tunnel(ProxyUrl proxy, Duration readTimeout) {

    /** On return, what goes through {@code transport} goes to the service. */
    void open(ServiceUrl url, Transport transport, Deadline deadline) throws IOException {
        String target = url.hostAndPort();
        String head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
        if (proxy.authorization() != null) {
            head += "Proxy-Authorization: " + proxy.authorization() + "\r\n";
        }
        byte[] bytes = (head + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        transport.write(bytes, 0, bytes.length);
        Connection connection = new Connection(transport, readTimeout, deadline);
        int status = status(connection);
        if (status == Status.PROXY_AUTHENTICATION) {
            throw new HttpException(
                    "the proxy "
                            + proxy
                            + " answered 407: it wants a user and password, in HTTPS_PROXY like"
                            + " http://user:password@host:port");
        }
        if (status >= 300 || connection.hasUnread()) {
            throw new HttpException(
                    "the proxy "
                            + proxy
                            + " answered "
                            + status
                            + " to CONNECT "
                            + target
                            + ": does it allow this host and port? NO_PROXY goes around it");
        }
    }

    private int status(Connection connection) throws IOException {
        try {
            return new ResponseHeadReader(connection).read().status();
        } catch (IOException e) {
            throw new HttpException("the proxy " + proxy + " failed: " + e.getMessage(), e);
        }
    }
}
