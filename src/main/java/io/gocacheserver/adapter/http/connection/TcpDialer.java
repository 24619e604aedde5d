package io.gocacheserver.adapter.http.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects by TCP: looks the name up and tries each address.
 *
 * @param host name or address
 * @param timeout for the whole, the look-up included
 */
public record TcpDialer(String host, int port, Duration timeout) {

    public Socket dial(Deadline attempt) throws IOException {
        IOException failure = new UnknownHostException("unknown host " + host);
        for (InetAddress address : resolve(attempt)) {
            Socket socket = new Socket(Proxy.NO_PROXY);
            try {
                socket.connect(
                        new InetSocketAddress(address, port), attempt.remainingMillis(timeout));
                return socket;
            } catch (SocketTimeoutException e) {
                socket.close();
                failure = timedOut("connect", e);
            } catch (IOException e) {
                socket.close();
                failure = new HttpException("cannot connect: " + e.getMessage(), e);
            }
        }
        throw failure;
    }

    /** Looks the name up in a thread of its own, since the system's resolver knows no timeout. */
    private InetAddress[] resolve(Deadline attempt) throws IOException {
        FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread thread = new Thread(lookup, "resolve " + host);
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(attempt.remainingMillis(timeout), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new HttpException("unknown host " + host, e.getCause());
        } catch (TimeoutException e) {
            throw timedOut("look up the host", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpException("interrupted", e);
        }
    }

    private HttpException timedOut(String what, Exception cause) {
        return new HttpException(
                "could not " + what + " within " + timeout.toMillis() + " ms", cause);
    }
}
