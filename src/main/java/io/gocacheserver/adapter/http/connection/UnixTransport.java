package io.gocacheserver.adapter.http.connection;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/** A connection to a Unix socket. Such a channel has no timeouts of its own, so a selector does the waiting. */
public final class UnixTransport implements Transport {

    private static final long RETRY_NANOS = 5_000_000;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;

    private UnixTransport(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.key = channel.register(selector, 0);
    }

    /** Connects to the socket at {@code path}; a listener whose queue is full is tried until {@code attempt} is over. */
    public static Transport connect(String path, Deadline attempt) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        while (attempt.remainingNanos() > 0) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                if (channel.connect(address)) {
                    return new UnixTransport(channel, Selector.open());
                }
                channel.close();
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw new HttpException("cannot connect to " + path + ": " + e.getMessage(), e);
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        throw new HttpException("could not connect to " + path + " in time: its queue is full");
    }

    @Override
    public int read(byte[] target, int from, int length, int timeoutMillis) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, from, length);
        int count = channel.read(buffer);
        if (count == 0 && await(SelectionKey.OP_READ, timeoutMillis)) {
            count = channel.read(buffer);
        }
        if (count == 0) {
            throw new SocketTimeoutException("read timed out");
        }
        return count;
    }

    @Override
    public boolean hasUnread() {
        // A channel cannot tell without reading.
        return false;
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(source, from, length);
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                await(SelectionKey.OP_WRITE, 0);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }

    /** Waits until the channel is ready, without a limit if {@code timeoutMillis} is 0; whether it is. */
    private boolean await(int operation, int timeoutMillis) throws IOException {
        try {
            key.interestOps(operation);
            boolean ready = selector.select(timeoutMillis) > 0;
            selector.selectedKeys().clear();
            return ready;
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw new HttpException("the connection is closed", e);
        }
    }
}
