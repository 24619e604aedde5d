package io.gocacheserver.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection to an HTTP server, on which a test sends whatever it likes. */
public final class RawHttp implements AutoCloseable {

    /** What came back. Header names are in lower case. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Response(int status, Map<String, String> headers, byte[] body) {}

    private final Socket socket;
    private final InputStream in;

    public RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Waiting.LIMIT.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a request line and headers, each as it stands. */
    public RawHttp sendHead(String requestLine, String... headers) throws IOException {
        String head =
                requestLine
                        + " HTTP/1.1\r\nHost: localhost\r\n"
                        + String.join("", Arrays.stream(headers).map(h -> h + "\r\n").toList())
                        + "\r\n";
        return send(head.getBytes(StandardCharsets.UTF_8));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Says that nothing more will come. */
    public RawHttp endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads one response, with a body of its Content-Length. */
    public Response receive() throws IOException {
        int status = Integer.parseInt(line().split(" ", -1)[1]);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Response(status, headers, in.readNBytes(length));
    }

    /** Reads so many bytes, or fewer if the server closes the connection before. */
    public byte[] receiveBytes(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    /** Reads the rest, until the server closes the connection. */
    public byte[] receiveToEnd() throws IOException {
        return in.readAllBytes();
    }

    /** Hangs up with a reset, as a client does that is killed. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }
}
