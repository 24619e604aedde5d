package io.gocacheserver.adapter.testing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.gocacheserver.testsupport.SocketServer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Stands between a client and a server, and passes on what both send; once it drips, the server's bytes one by one. */
public final class DrippingRelay implements AutoCloseable {

    private static final int PAUSE_MILLIS = 20;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final SocketServer clients;
    private volatile int serverPort;
    private volatile boolean dripping;

    public DrippingRelay() throws IOException {
        clients = new SocketServer(this::relay);
    }

    public int port() {
        return clients.port();
    }

    /** Passes on to a server on this machine; to be said before anyone connects. */
    public void to(int port) {
        serverPort = port;
    }

    /** From now on it drips. */
    public void drip() {
        dripping = true;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        clients.close();
    }

    private void relay(Socket client) throws IOException, InterruptedException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        Thread up = Thread.ofVirtual().start(() -> pass(client, server, false));
        pass(server, client, true);
        up.join();
    }

    /** Until one of them is gone; then both are. */
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
