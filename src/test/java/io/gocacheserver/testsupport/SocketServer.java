package io.gocacheserver.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens on loopback, and serves each connection by a thread of its own. */
public final class SocketServer implements AutoCloseable {

    /** What happens on a connection. It is closed afterwards, and when the server is. */
    public interface Conversation {
        void with(Socket client) throws IOException, InterruptedException;
    }

    private static final int BACKLOG = 128;

    private final ServerSocket listener;
    private final Conversation conversation;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    public SocketServer(Conversation conversation) throws IOException {
        this(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), conversation);
    }

    /** Listens on a socket of the test's own, such as one that speaks TLS, and closes it in the end. */
    public SocketServer(ServerSocket listener, Conversation conversation) {
        this.listener = listener;
        this.conversation = conversation;
        Thread.ofVirtual().name("accept").start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Connections so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections at this moment. */
    public int open() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket client : open) {
            client.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                accepted.incrementAndGet();
                Thread.ofVirtual().name("serve").start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            if (!listener.isClosed()) {
                conversation.with(client);
            }
        } catch (IOException | UncheckedIOException e) {
            // The client has gone, which is its right, or the server is closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }
}
