package io.gocacheserver.adapter.http.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A TCP connection. */
public final class TcpTransport implements Transport {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public TcpTransport(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    @Override
    public int read(byte[] target, int from, int length, int timeoutMillis) throws IOException {
        socket.setSoTimeout(timeoutMillis);
        return in.read(target, from, length);
    }

    @Override
    public boolean hasUnread() throws IOException {
        return in.available() > 0;
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        out.write(source, from, length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
