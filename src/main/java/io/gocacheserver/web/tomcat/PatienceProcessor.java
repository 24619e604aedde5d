package io.gocacheserver.web.tomcat;

import io.gocacheserver.web.AccessResolver;

import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.coyote.Adapter;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;

/**
 * One request after the other, with bounds for how long its client is waited for:
 *
 * <ul>
 *   <li>the request's line and headers must have come within the header timeout;
 *   <li>a body must come at some rate on average ({@link RateFloor}), and at a higher one where the request has no token
 *       though there are tokens;
 *   <li>an answer to such a request must have been taken within {@value #ANSWER_SECONDS} seconds;
 *   <li>a request that is answered before all of its body was read, such as one that is refused, gets {@code Connection:
 *       close}. What comes of the body is thrown away, without a thread, until the client closes or {@value
 *       #LINGER_SECONDS} second has gone by: else the client's system would throw the answer away. Where the body has come by
 *       the time of the answer, the connection goes on ({@link UnreadBodyValve}).
 * </ul>
 *
 * A GET, HEAD, DELETE or OPTIONS has no body here: what comes with one is not read by anybody.
 */
final class PatienceProcessor extends Http11Processor {

    private static final int ANSWER_SECONDS = 60;
    private static final int LINGER_SECONDS = 1;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long ANSWER_NANOS = Duration.ofSeconds(ANSWER_SECONDS).toNanos();
    private static final long LINGER_NANOS = Duration.ofSeconds(LINGER_SECONDS).toNanos();

    /** Of what is thrown away, what is taken at a time, before others have their turn. */
    private static final int MAX_AT_A_TIME = 1024 * 1024;

    /** What a body without a token must bring each second. */
    private static final long HURRY_BYTES = 64 * 1024;

    private static final int DISCARDED_BYTES = 8 * 1024;

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

    private final PatienceProtocol protocol;
    private final RateFloor body;
    private final Adapter patient = new PatientAdapter();

    /** A processor serves one connection after the other, and may lose one without a word: so which one it is. */
    private volatile @Nullable Wait waiting;

    private enum Reason {
        HEADERS,
        BODY,
        ANSWER,
        LINGER
    }

    /**
     * A client that is waited for.
     *
     * @param since when that began
     * @param until when it ends; both in nanoseconds of {@link System#nanoTime}
     */
    record Wait(
            SocketWrapperBase<?> socket,
            SocketChannel channel,
            Reason reason,
            long since,
            long until) {

        /** After the end of a body that comes too slowly there may be an answer; after all else there is none. */
        void cutOff() {
            if (reason == Reason.BODY) {
                endInput(channel);
            } else {
                PatienceProcessor.cutOff(channel);
            }
        }
    }

    PatienceProcessor(PatienceProtocol protocol) {
        super(protocol, protocol.getAdapter());
        this.protocol = protocol;
        body = new RateFloor(request.getInputBuffer(), protocol.rate(), this::hurry);
        request.setInputBuffer(body);
    }

    /** The connection's own channel, which is never another's. */
    static SocketChannel channel(SocketWrapperBase<?> socket) {
        return ((NioSocketWrapper) socket).getSocket().getIOChannel();
    }

    /** Ends a connection for both sides; whoever reads or writes it finds out. */
    static void cutOff(SocketChannel channel) {
        endInput(channel);
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private static void endInput(SocketChannel channel) {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    /** Which client is waited for, and may be cut off; null if none is. Any thread may ask. */
    @Nullable Wait waiting() {
        Wait wait = waiting;
        return wait == null ? waitingForAnswer() : wait;
    }

    void cutOffIfLate(long now) {
        Wait wait = waiting();
        if (wait != null && now - wait.until() > 0) {
            wait.cutOff();
        }
    }

    /** An answer to nobody, which is being sent. */
    private @Nullable Wait waitingForAnswer() {
        SocketWrapperBase<?> socket = socketWrapper;
        long start = request.getStartTimeNanos();
        if (socket == null
                || start < 0
                || !socket.getLock().isLocked()
                || !isFromNobody()
                || attribute(AccessResolver.ATTRIBUTE) != null) {
            return null;
        }
        SocketChannel channel = channel(socket);
        // One that is not closed now was not before: the channel is its own.
        return socket.isClosed()
                ? null
                : new Wait(socket, channel, Reason.ANSWER, start, start + ANSWER_NANOS);
    }

    @Override
    public Adapter getAdapter() {
        return patient;
    }

    @SuppressWarnings("ReferenceEquality") // the very same connection, and the very same wait
    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
        Wait before = waiting;
        Reason reason = before != null && before.socket() == socket ? before.reason() : null;
        if (reason == Reason.LINGER) {
            return throwAway(socket);
        }
        SocketState state = counted(socket);
        if (state == SocketState.CLOSED && isAnswered() && !socket.isClosed()) {
            return linger(socket);
        }
        if (state != SocketState.LONG || isAsync()) {
            waiting = null;
        } else if (reason != Reason.HEADERS || waiting != before) {
            await(socket, Reason.HEADERS, protocol.headerNanos());
        }
        return state;
    }

    @Override
    protected SocketState dispatchEndRequest() {
        waiting = null;
        return super.dispatchEndRequest();
    }

    /** Whether the connection ends since its client has got an answer, and may still be sending. */
    private boolean isAnswered() {
        return getErrorState().isError() && getErrorState().isIoAllowed();
    }

    private SocketState counted(SocketWrapperBase<?> socket) throws IOException {
        protocol.beginRequest();
        try {
            return super.service(socket);
        } finally {
            protocol.endRequest();
        }
    }

    private void await(SocketWrapperBase<?> socket, Reason reason, long nanos) {
        long now = System.nanoTime();
        waiting = new Wait(socket, channel(socket), reason, now, now + nanos);
    }

    /** The answer is on its way: it is its end, and the client should close. */
    private SocketState linger(SocketWrapperBase<?> socket) {
        await(socket, Reason.LINGER, LINGER_NANOS);
        if (!protocol.isSSLEnabled()) { // TLS cannot end one side
            try {
                channel(socket).shutdownOutput();
            } catch (IOException e) {
                return SocketState.CLOSED;
            }
        }
        return throwAway(socket);
    }

    private SocketState throwAway(SocketWrapperBase<?> socket) {
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

    /** Before the first byte of a body is read: whether it must come soon, since there is no token with it. */
    private void hurry() {
        SocketWrapperBase<?> socket = socketWrapper;
        if (socket == null || !isFromNobody()) {
            return;
        }
        await(socket, Reason.BODY, hurryNanos(request.getContentLengthLong()));
    }

    private static long hurryNanos(long length) {
        return SECOND + (long) (SECOND * (Math.max(0, length) / (double) HURRY_BYTES));
    }

    private boolean isFromNobody() {
        return AccessResolver.NOBODY.equals(attribute(AccessResolver.CLIENT));
    }

    private @Nullable Object attribute(String name) {
        return request.getNote(CoyoteAdapter.ADAPTER_NOTES)
                        instanceof org.apache.catalina.connector.Request servlets
                ? servlets.getAttribute(name)
                : null;
    }

    private final class PatientAdapter implements Adapter {

        @Override
        public void service(Request request, Response response) throws Exception {
            String method = request.getMethod(); // null if the request's line could not be read
            body.restart(method == null || !WITHOUT_BODY.contains(method));
            protocol.servlets().service(request, response);
            if (!isAsync() && !isRequestBodyFullyRead()) {
                disableSwallowRequest();
                setErrorState(ErrorState.CLOSE_CLEAN, null);
            }
        }

        @Override
        public boolean prepare(Request request, Response response) throws Exception {
            return protocol.servlets().prepare(request, response);
        }

        @Override
        public boolean asyncDispatch(Request request, Response response, SocketEvent status)
                throws Exception {
            return protocol.servlets().asyncDispatch(request, response, status);
        }

        @Override
        public void log(Request request, Response response, long time) {
            protocol.servlets().log(request, response, time);
        }

        @Override
        public void checkRecycled(Request request, Response response) {
            protocol.servlets().checkRecycled(request, response);
        }

        @Override
        public String getDomain() {
            return protocol.servlets().getDomain();
        }
    }
}
