package io.gocacheserver.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The one HTTP service that tests make up: it notes each request, and answers with whatever bytes a script wants, good or
 * evil.
 */
public final class ScriptedServer implements AutoCloseable {

    /** How requests are answered. */
    public interface Script {
        void answer(Exchange exchange) throws IOException, InterruptedException;
    }

    private final SocketServer sockets;
    private final Script script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.sockets = new SocketServer(this::serve);
    }

    /** Listens on a socket of the test's own, such as one that speaks TLS, and closes it in the end. */
    public ScriptedServer(Script script, ServerSocket listener) {
        this.script = script;
        this.sockets = new SocketServer(listener, this::serve);
    }

    public int port() {
        return sockets.port();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Connections so far. */
    public int connections() {
        return sockets.accepted();
    }

    /** Connections at this moment. */
    public int openConnections() {
        return sockets.open();
    }

    /** All requests so far, in the order of their arrival. */
    public List<Request> requests() {
        return requests;
    }

    /** Request lines and headers so far. */
    public List<String> heads() {
        return requests.stream().map(Request::head).toList();
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }

    private void serve(Socket client) throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
            Map<String, String> headers = headers(head);
            if (headers.containsKey("expect")) {
                write(client, "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            Request request = new Request(head, headers, in.readNBytes(length));
            script.answer(new Exchange(number(request), request, client));
        }
    }

    private synchronized int number(Request request) {
        requests.add(request);
        return requests.size();
    }

    /** Up to the empty line; empty if there is none, or if it is no HTTP, such as the greeting of TLS. */
    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (Character.isISOControl(b) && b != '\r' && b != '\n' && b != '\t') {
                return "";
            }
            head.write(b);
            if (b == '\n') {
                ends++;
            } else if (b != '\r') {
                ends = 0;
            }
            if (ends == 2) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static Map<String, String> headers(String head) {
        Map<String, String> headers = new TreeMap<>();
        head.lines()
                .skip(1)
                .filter(line -> line.contains(":"))
                .map(line -> line.split(":", 2))
                .forEach(field -> headers.put(field[0].toLowerCase(Locale.ROOT), field[1].strip()));
        return headers;
    }

    private static void write(Socket client, byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        client.getOutputStream().flush();
    }

    /**
     * What a client sent.
     *
     * @param head request line and headers as they came
     * @param headers their names in lower case
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(String head, Map<String, String> headers, byte[] body) {

        public String method() {
            return head.substring(0, head.indexOf(' '));
        }

        /** Path and query. */
        public String target() {
            return head.split(" ", 3)[1];
        }

        /** Without the query. */
        public String path() {
            return target().split("\\?", 2)[0];
        }
    }

    /**
     * A request, and ways to answer it.
     *
     * @param number from 1, over all connections
     */
    public record Exchange(int number, Request request, Socket socket) {

        public String head() {
            return request.head();
        }

        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            write(socket, bytes);
        }

        /** A whole answer, as it should be. */
        public void answer(int status, byte[] body, String... headers) throws IOException {
            begin(status, body.length, headers);
            if (!request.method().equals("HEAD")) {
                send(body);
            }
        }

        /** Status line and headers alone, with a length that may be true. */
        public void begin(int status, long length, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            if (status != 204) {
                head.append("Content-Length: ").append(length).append("\r\n");
            }
            send(head.append("\r\n").toString());
        }

        /** Lets some time pass, unless the client goes. */
        public void pause(int millis) throws IOException {
            socket.setSoTimeout(millis);
            try {
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("the client is gone");
                }
            } catch (SocketTimeoutException e) {
                // It has passed.
            } finally {
                socket.setSoTimeout(0);
            }
        }

        /** Keeps the connection and says no more, until the client goes or the server is closed. */
        public void hang() throws IOException {
            while (socket.getInputStream().read() >= 0) {
                // Nobody listens.
            }
            hangUp();
        }

        /** Closes the connection. */
        public void hangUp() throws IOException {
            socket.close();
        }
    }
}
