package io.gocacheserver.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * An HTTP server on a raw socket, which can misbehave in ways that real servers' libraries do not allow: hang, announce
 * another length than it sends, hang up. It notes every request.
 */
public final class FakeHttpServer implements AutoCloseable {

    /** What a client sent. Header names are in lower case. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(String method, String path, Map<String, String> headers, byte[] body) {}

    /** What it is answered. */
    public interface Handler {
        void handle(Request request, Exchange exchange) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Handler handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private FakeHttpServer(ServerSocket listener, Handler handler) {
        this.listener = listener;
        this.handler = handler;
    }

    /** Listens on some port of the loopback interface. */
    public static FakeHttpServer start(Handler handler) throws IOException {
        ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        FakeHttpServer server = new FakeHttpServer(listener, handler);
        Thread.ofVirtual().name("fake-http-accept").start(server::accept);
        return server;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** All requests so far, in the order of their arrival. */
    public List<Request> requests() {
        return requests;
    }

    /** Connections that are open at this moment. */
    public int openConnections() {
        return connections.size();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                Thread.ofVirtual().name("fake-http").start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            boolean goOn = true;
            while (goOn) {
                Request request = readRequest(in, connection.getOutputStream());
                requests.add(request);
                Exchange exchange = new Exchange(request, connection.getOutputStream());
                handler.handle(request, exchange);
                goOn = !exchange.hangUp;
            }
        } catch (IOException | UncheckedIOException e) {
            // the client has gone, which is its right
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    private static Request readRequest(InputStream in, OutputStream out) throws IOException {
        String[] start = line(in).split(" ", -1);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (headers.containsKey("expect")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return new Request(start[0], start[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** One answer in the making. */
    public final class Exchange {

        private final Request request;
        private final OutputStream out;
        private boolean hangUp;

        private Exchange(Request request, OutputStream out) {
            this.request = request;
            this.out = out;
        }

        /** A whole answer, as it should be. */
        public void answer(int status, byte[] body) throws IOException {
            answer(status, body, body.length);
        }

        /** The same with these headers besides. */
        public void answer(int status, Map<String, String> headers, byte[] body)
                throws IOException {
            StringBuilder more = new StringBuilder("Content-Length: " + body.length);
            headers.forEach((name, value) -> more.append("\r\n" + name + ": " + value));
            head(status, more.toString());
            send(body);
        }

        /** An answer that announces {@code length} bytes, whatever it has. */
        public void answer(int status, byte[] body, long length) throws IOException {
            head(status, "ETag: \"0\"\r\nContent-Length: " + length);
            send(body);
            if (body.length != length && !request.method().equals("HEAD")) {
                hangUp();
            }
        }

        /** An answer whose length is nowhere announced: it ends with the connection. */
        public void answerWithoutLength(int status, byte[] body) throws IOException {
            head(status, "Connection: close");
            send(body);
            hangUp();
        }

        /** An S3 error. */
        public void error(int status, String code) throws IOException {
            String xml =
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>as the test wants</Message></Error>"
                            .formatted(code);
            answer(status, xml.getBytes(StandardCharsets.UTF_8));
        }

        /** No answer, until the server is closed. */
        public void hang() throws InterruptedException {
            closing.await();
            hangUp();
        }

        /** Closes the connection. */
        public void hangUp() {
            hangUp = true;
        }

        private void head(int status, String header) throws IOException {
            String head = "HTTP/1.1 %d Status\r\n%s\r\n\r\n".formatted(status, header);
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        private void send(byte[] body) throws IOException {
            if (!request.method().equals("HEAD")) {
                out.write(body);
                out.flush();
            }
        }
    }
}
