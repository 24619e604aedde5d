package io.gocacheserver.adapter.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a socket that answers each request with whatever bytes a test wants, good or evil. */
public final class ScriptedServer implements AutoCloseable {

    /** What a request is answered with. */
    public interface Script {
        void answer(Exchange exchange) throws IOException;
    }

    /** A request, and where to write the answer. */
    public record Exchange(
            int number, String head, ByteBuffer body, OutputStream out, Socket socket) {

        public void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
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
            }
        }

        /** Keeps the connection and says no more, until the client goes. */
        public void hang() throws IOException {
            while (socket.getInputStream().read() >= 0) {
                // Nobody listens.
            }
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    public ScriptedServer(Script script) throws IOException {
        this(script, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** Listens on a socket of the test's own, as one that speaks TLS; closes it in the end. */
    public ScriptedServer(Script script, ServerSocket listener) {
        this.script = script;
        this.listener = listener;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int connections() {
        return connections.get();
    }

    /** Connections that neither side has closed yet. */
    public int openConnections() {
        return sockets.size();
    }

    public List<String> heads() {
        return heads;
    }

    public List<byte[]> bodies() {
        return bodies;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
                byte[] body = in.readNBytes(contentLength(head));
                heads.add(head);
                bodies.add(body);
                script.answer(
                        new Exchange(
                                heads.size(),
                                head,
                                ByteBuffer.wrap(body),
                                socket.getOutputStream(),
                                socket));
            }
        } catch (IOException e) {
            // The client is gone.
        } finally {
            sockets.remove(socket);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static int contentLength(String head) {
        int at = head.indexOf("Content-Length: ");
        return at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    }
}
