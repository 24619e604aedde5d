package io.gocacheserver.adapter.http.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * TLS over a TCP connection. It is closed below TLS, since a TLS socket would wait for a write that is blocked. The
 * socket's own timeout is for each byte, and a read ends with a whole record: so a watchdog sees to the timeout.
 */
public final class TlsTransport implements Transport {

    private final Socket raw;
    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String host;
    private final Watchdog watchdog;

    public TlsTransport(Socket raw, SSLSocket socket, String host, Watchdog watchdog)
            throws IOException {
        this.raw = raw;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.host = host;
        this.watchdog = watchdog;
    }

    @Override
    public int read(byte[] target, int from, int length, int timeoutMillis) throws IOException {
        if (in.available() > 0) {
            return in.read(target, from, length);
        }
        socket.setSoTimeout(timeoutMillis);
        long nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try (Watchdog.Guard guard = watchdog.guard(raw, nanos)) {
            try {
                return in.read(target, from, length);
            } catch (IOException e) {
                guard.completed();
                // With TLS 1.3 a server refuses a client's certificate only after the handshake.
                throw e instanceof SSLException ? TlsFailure.of(e, host) : e;
            }
        }
    }

    @Override
    public boolean hasUnread() throws IOException {
        return in.available() > 0;
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        try {
            out.write(source, from, length);
        } catch (SSLException e) {
            throw TlsFailure.of(e, host);
        }
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
