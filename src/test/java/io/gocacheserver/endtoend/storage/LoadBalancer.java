package io.gocacheserver.endtoend.storage;

import io.gocacheserver.endtoend.ServiceClient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a Kubernetes Service does: gives each connection to one of the replicas that are ready, in turn. Readiness is asked
 * for every 100 ms, and the latest answer counts.
 */
final class LoadBalancer implements AutoCloseable {

    private static final int CONNECT_MILLIS = 2000;
    private static final int CHECK_MILLIS = 100;

    private final List<Integer> ports;
    private final Map<Integer, Boolean> ready = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final ServerSocket listener;
    private volatile boolean closed;

    LoadBalancer(List<Integer> ports) throws IOException {
        this.ports = List.copyOf(ports);
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        for (int port : ports) {
            ready.put(port, true);
            Thread.ofPlatform().daemon().start(() -> check(port));
        }
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    private void check(int port) {
        ServiceClient client = new ServiceClient("http://127.0.0.1:" + port);
        while (!closed) {
            ready.put(port, client.isReady());
            try {
                Thread.sleep(CHECK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            for (int i = 0; i < 2 * ports.size(); i++) {
                int port = ports.get(Math.floorMod(next.getAndIncrement(), ports.size()));
                if (!Boolean.TRUE.equals(ready.get(port))) {
                    continue;
                }
                try (Socket server = new Socket()) {
                    server.connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            CONNECT_MILLIS);
                    relay(client, server);
                    return;
                }
            }
        } catch (IOException e) {
            // the client sees its connection closed
        }
    }

    private static void relay(Socket client, Socket server) throws IOException {
        Thread up = Thread.ofVirtual().start(() -> copy(client, server));
        copy(server, client);
        client.close();
        try {
            up.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
    }
}
