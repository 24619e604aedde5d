package io.gocacheserver.adapter.testing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Stands between a client and a server, and passes on what both send; once it drips, the server's bytes one by one. */
public final class DrippingRelay implements AutoCloseable {

    private static final int PAUSE_MILLIS = 20;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean dripping;

    public DrippingRelay() throws IOException {}

    public int port() {
        return listener.getLocalPort();
    }

    /** Passes on to a server on this machine. */
    public void to(int port) {
        Thread.ofVirtual().start(() -> accept(port));
    }

    /** From now on it drips. */
    public void drip() {
        dripping = true;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept(int port) {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> pass(client, server, false));
                Thread.ofVirtual().start(() -> pass(server, client, true));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pass(Socket from, Socket to, boolean mayDrip) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[4096];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                if (!mayDrip || !dripping) {
                    out.write(buffer, 0, count);
                    continue;
                }
                for (int i = 0; i < count && !closed.await(PAUSE_MILLIS, MILLISECONDS); i++) {
                    out.write(buffer[i]);
                }
            }
        } catch (IOException e) {
            // One of them is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
