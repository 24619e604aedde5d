package io.gocacheserver.endtoend.storage;

import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.testsupport.SocketServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private final SocketServer clients;
    private final ScheduledExecutorService checks;

    LoadBalancer(List<Integer> ports) throws IOException {
        this.ports = List.copyOf(ports);
        checks = Executors.newScheduledThreadPool(ports.size());
        for (int port : ports) {
            ready.put(port, true);
            ServiceClient replica = new ServiceClient("http://127.0.0.1:" + port);
            var _ =
                    checks.scheduleWithFixedDelay(
                            () -> ready.put(port, replica.isReady()),
                            0,
                            CHECK_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
        clients = new SocketServer(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + clients.port();
    }

    private void serve(Socket client) throws IOException, InterruptedException {
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
    }

    private static void relay(Socket client, Socket server)
            throws IOException, InterruptedException {
        Thread up = Thread.ofVirtual().start(() -> copy(client, server));
        copy(server, client);
        client.close();
        up.join();
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
        checks.shutdownNow();
        clients.close();
    }
}
