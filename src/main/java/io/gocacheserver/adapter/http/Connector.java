package io.gocacheserver.adapter.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Opens connections to one service: looks up its name, tries each address, and wraps them in TLS if asked. */
final class Connector {

    private final ServiceUrl url;
    private final Timeouts timeouts;

    Connector(ServiceUrl url, Timeouts timeouts) {
        this.url = url;
        this.timeouts = timeouts;
    }

    /**
     * A new connection.
     *
     * @param deadline of the request that needs it
     * @param attempt of connecting alone
     */
    Connection connect(Deadline deadline, Deadline attempt) throws IOException {
        Socket socket = open(attempt);
        try {
            socket.setTcpNoDelay(true);
            if (url.tls()) {
                socket = secure(socket);
            }
            return new Connection(socket, timeouts.read(), deadline);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private Socket open(Deadline attempt) throws IOException {
        IOException failure = new UnknownHostException("unknown host " + url.host());
        for (InetAddress address : resolve(attempt)) {
            Socket socket = new Socket(Proxy.NO_PROXY);
            try {
                socket.connect(
                        new InetSocketAddress(address, url.port()),
                        attempt.remainingMillis(timeouts.connect()));
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
        FutureTask<InetAddress[]> lookup =
                new FutureTask<>(() -> InetAddress.getAllByName(url.host()));
        Thread thread = new Thread(lookup, "resolve " + url.host());
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(attempt.remainingMillis(timeouts.connect()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new HttpException("unknown host " + url.host(), e.getCause());
        } catch (TimeoutException e) {
            throw timedOut("look up the host", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpException("interrupted", e);
        }
    }

    private Socket secure(Socket plain) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, url.host(), url.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        // The handshake's own work may take longer than connecting, in a young JVM.
        socket.setSoTimeout((int) Math.max(1, timeouts.read().toMillis()));
        try {
            socket.startHandshake();
        } catch (SocketTimeoutException e) {
            throw timedOut("agree on TLS", e);
        } catch (IOException e) {
            throw new HttpException("TLS failed: " + e.getMessage(), e);
        }
        return socket;
    }

    private HttpException timedOut(String what, Exception cause) {
        return new HttpException(
                "could not " + what + " within " + timeouts.connect().toMillis() + " ms", cause);
    }
}
