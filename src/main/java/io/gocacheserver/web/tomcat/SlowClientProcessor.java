package io.gocacheserver.web.tomcat;

import io.gocacheserver.web.AccessResolver;

import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * One request after the other, with bounds for how long its client is waited for:
 *
 * <ul>
 *   <li>the request's line and headers must have come within the header timeout;
 *   <li>a body must come at some rate on average ({@link MinimumRate}), and at a higher one where the request has no token
 *       though there are tokens;
 *   <li>an answer must be taken at the same rate as a body must come ({@link SlowClientProtocol.SlowReader}), and one to a request without a token
 *       within {@value #ANSWER_SECONDS} seconds;
 *   <li>a request that is answered before all of its body was read, such as one that is refused, gets {@code Connection:
 *       close}. The rest of the body is discarded, without a thread, until the client closes or {@value
 *       #LINGER_SECONDS} second has gone by: else the client's system would throw the answer away. Where the body has come by
 *       the time of the answer, the connection goes on ({@link UnreadBodyValve}).
 * </ul>
 */
final class SlowClientProcessor extends Http11Processor {

    private static final int ANSWER_SECONDS = 60;
    private static final int LINGER_SECONDS = 1;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long ANSWER_NANOS = Duration.ofSeconds(ANSWER_SECONDS).toNanos();
    private static final long LINGER_NANOS = Duration.ofSeconds(LINGER_SECONDS).toNanos();

    /** Bytes that are discarded in one turn, before other connections have theirs. */
    private static final int MAX_AT_A_TIME = 1024 * 1024;

    /** The least rate of a body without a token, in bytes each second. */
    private static final long ANONYMOUS_BYTES = 64 * 1024;

    private static final int DISCARDED_BYTES = 8 * 1024;

    private final SlowClientProtocol protocol;
    private final MinimumRate body;
    private final SlowClientProtocol.SlowReader reader = new SlowClientProtocol.SlowReader();

    /** The current wait with its connection: a processor serves one connection after the other, and is not told when one is gone. */
    private volatile @Nullable Wait waiting;

    private enum Reason {
        HEADERS,
        BODY,
        ANSWER,
        LINGER
    }

    /** A client that is waited for; since and until in nanoseconds of {@link System#nanoTime}. */
    record Wait(
            SocketWrapperBase<?> socket,
            SocketChannel channel,
            Reason reason,
            long since,
            long until) {

        /** A body that comes too slowly may still get an answer; other slow clients get none. */
        void cutOff() {
            SlowClientProcessor.cutOff(channel, reason != Reason.BODY);
        }
    }

    SlowClientProcessor(SlowClientProtocol protocol) {
        super(protocol, protocol.getAdapter());
        this.protocol = protocol;
        body = new MinimumRate(request.getInputBuffer(), protocol.rate, this::limitAnonymous);
        request.setInputBuffer(body);
    }

    static SocketChannel channel(SocketWrapperBase<?> socket) {
        return ((NioSocketWrapper) socket).getSocket().getIOChannel();
    }

    /** Ends a connection in both directions, or only its input; readers and writers get an error. */
    static void cutOff(SocketChannel channel, boolean output) {
        try {
            channel.shutdownInput();
            if (output) {
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            // It is closed already.
        }
    }

    @Nullable Wait waiting() {
        Wait wait = waiting;
        return wait == null ? waitingForAnswer() : wait;
    }

    void cutOffIfLate(long now) {
        Wait wait = waiting();
        if (wait != null && now - wait.until() > 0) {
            wait.cutOff();
        }
        SocketWrapperBase<?> socket = socketWrapper;
        long start = request.getStartTimeNanos();
        if (start >= 0
                && SlowClientProtocol.isWaitingToWrite(socket)
                && reader.isTooSlow(start, response.getBytesWritten(false), protocol.rate)) {
            cutOff(channel(socket), true);
        }
    }

    private @Nullable Wait waitingForAnswer() {
        SocketWrapperBase<?> socket = socketWrapper;
        long start = request.getStartTimeNanos();
        if (socket == null
                || start < 0
                || !socket.getLock().isLocked()
                || !isAnonymous()
                || attribute(AccessResolver.ATTRIBUTE) != null) {
            return null;
        }
        SocketChannel channel = channel(socket);
        // One that is not closed now was not before: the channel is its own.
        return socket.isClosed()
                ? null
                : new Wait(socket, channel, Reason.ANSWER, start, start + ANSWER_NANOS);
    }

    @SuppressWarnings("ReferenceEquality") // the very same connection, and the very same wait
    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
        Wait before = waiting;
        Reason reason = before != null && before.socket() == socket ? before.reason() : null;
        if (reason == Reason.LINGER) {
            return discard(socket);
        }
        SocketState state = counted(socket);
        boolean answered = getErrorState().isError() && getErrorState().isIoAllowed();
        if (state == SocketState.CLOSED && answered && !socket.isClosed()) {
            return linger(socket); // the client may still be sending
        }
        if (state != SocketState.LONG) {
            waiting = null;
        } else if (reason != Reason.HEADERS || waiting != before) {
            await(socket, Reason.HEADERS, protocol.headerNanos);
        }
        return state;
    }

    private SocketState counted(SocketWrapperBase<?> socket) throws IOException {
        protocol.served.incrementAndGet();
        try {
            SocketState state = super.service(socket);
            // Tomcat would close the connection of an answer that sendfile has begun to send if a
            // shutdown began meanwhile.
            return state == SocketState.CLOSED
                            && !getErrorState().isError()
                            && SlowClientProtocol.isSent(socket)
                    ? SocketState.SENDFILE
                    : state;
        } finally {
            protocol.served.decrementAndGet();
        }
    }

    private void await(SocketWrapperBase<?> socket, Reason reason, long nanos) {
        long now = System.nanoTime();
        waiting = new Wait(socket, channel(socket), reason, now, now + nanos);
    }

    /** The answer is being sent; after it, the client should close the connection. */
    private SocketState linger(SocketWrapperBase<?> socket) {
        await(socket, Reason.LINGER, LINGER_NANOS);
        if (!protocol.isSSLEnabled()) { // TLS cannot end one side
            try {
                channel(socket).shutdownOutput();
            } catch (IOException e) {
                return SocketState.CLOSED;
            }
        }
        return discard(socket);
    }

    private SocketState discard(SocketWrapperBase<?> socket) {
        try {
            ByteBuffer discarded = ByteBuffer.allocate(DISCARDED_BYTES);
            int count = 0;
            int n = 1;
            while (n > 0 && count < MAX_AT_A_TIME) {
                n = socket.read(false, discarded.clear());
                count += n;
            }
            if (n >= 0) {
                return SocketState.LONG;
            }
        } catch (IOException e) {
            // closed by the client
        }
        waiting = null;
        return SocketState.CLOSED;
    }

    private void limitAnonymous() {
        SocketWrapperBase<?> socket = socketWrapper;
        if (socket == null || !isAnonymous()) {
            return;
        }
        double length = Math.max(0, request.getContentLengthLong());
        await(socket, Reason.BODY, SECOND + (long) (SECOND * (length / ANONYMOUS_BYTES)));
    }

    private boolean isAnonymous() {
        return AccessResolver.ANONYMOUS.equals(attribute(AccessResolver.CLIENT));
    }

    private @Nullable Object attribute(String name) {
        return request.getNote(CoyoteAdapter.ADAPTER_NOTES)
                        instanceof org.apache.catalina.connector.Request servlets
                ? servlets.getAttribute(name)
                : null;
    }
}
