package io.gocacheserver.adapter.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** TLS over a TCP connection. It is closed below TLS, since a TLS socket would wait for a write that is blocked. */
final class TlsTransport implements Transport {

    private final Socket raw;
    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String host;

    TlsTransport(Socket raw, SSLSocket socket, String host) throws IOException {
        this.raw = raw;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.host = host;
    }

    @Override
    public int read(byte[] target, int from, int length, int timeoutMillis) throws IOException {
        socket.setSoTimeout(timeoutMillis);
        try {
            return in.read(target, from, length);
        } catch (SSLException e) {
            // With TLS 1.3 a server refuses a client's certificate only after the handshake.
            throw TlsFailure.of(e, host);
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
