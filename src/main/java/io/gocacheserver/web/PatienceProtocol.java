package io.gocacheserver.web;

import org.apache.coyote.Adapter;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP/1.1 as Tomcat speaks it, with bounds for what a slow client may take: the time in which a request's line and headers
 * must have come, and the rate at which its body does, also where the request was refused and its body is read for nothing.
 * Tomcat's own timeout begins anew with every byte, so that a client with a byte every few seconds could keep each of the
 * threads and connections that there may be.
 */
public final class PatienceProtocol extends Http11NioProtocol {

    private final AtomicInteger served = new AtomicInteger();
    private volatile long headerNanos = Long.MAX_VALUE;
    private volatile RateFloor.Terms rate = new RateFloor.Terms(0, Duration.ZERO);

    void setHeaderTimeout(Duration timeout) {
        headerNanos = timeout.toNanos();
    }

    void setRate(RateFloor.Terms terms) {
        rate = terms;
    }

    /** Whether there is a request that is being served, or an answer that is on its way to its client. */
    boolean isBusy() {
        return served.get() > 0
                || getEndpoint().getConnections().stream().anyMatch(PatienceProtocol::isSent);
    }

    private static boolean isSent(SocketWrapperBase<?> socket) {
        return socket instanceof NioEndpoint.NioSocketWrapper nio && nio.getSendfileData() != null;
    }

    @Override
    protected Processor createProcessor() {
        return new PatienceProcessor();
    }

    /** Looks at the clock whenever there is something to read, which is when Tomcat would begin to wait anew. */
    private final class PatienceProcessor extends Http11Processor {

        private final RateFloor body;
        private final Adapter patient = new PatientAdapter();

        /** Whose headers have come in part. A processor serves one connection after the other, and may lose one without a word. */
        private @Nullable SocketWrapperBase<?> waitedFor;

        private long begun;

        PatienceProcessor() {
            super(PatienceProtocol.this, PatienceProtocol.this.getAdapter());
            body = new RateFloor(request.getInputBuffer(), rate);
            request.setInputBuffer(body);
        }

        @Override
        public Adapter getAdapter() {
            return patient;
        }

        @SuppressWarnings("ReferenceEquality") // the very same connection
        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            boolean continued = socket == waitedFor;
            if (continued && System.nanoTime() - begun > headerNanos) {
                return SocketState.CLOSED;
            }
            SocketState state = counted(socket);
            if (state != SocketState.LONG || isAsync()) {
                waitedFor = null;
            } else if (!continued) {
                waitedFor = socket;
                begun = System.nanoTime();
            }
            return state;
        }

        private SocketState counted(SocketWrapperBase<?> socket) throws IOException {
            served.incrementAndGet();
            try {
                return super.service(socket);
            } finally {
                served.decrementAndGet();
            }
        }

        /**
         * Reads what is left of a refused request's body, so that its client gets to read the answer, but not of one who is
         * too slow: then the connection is closed.
         */
        private void drain() {
            try {
                long left = getMaxSwallowSize();
                Discarded discarded = new Discarded();
                while (left >= 0 && request.doRead(discarded) >= 0) {
                    left -= discarded.buffer.remaining();
                }
            } catch (IOException e) {
                giveUp();
            }
        }

        private void giveUp() {
            disableSwallowRequest();
            setErrorState(ErrorState.CLOSE_CLEAN, null);
        }

        private final class PatientAdapter implements Adapter {

            @Override
            public void service(Request request, Response response) throws Exception {
                body.restart();
                adapter.service(request, response);
                if (isAsync() || isRequestBodyFullyRead() || request.hasExpectation()) {
                    return;
                }
                if (response.getStatus() == 408) {
                    giveUp();
                } else if (!getErrorState().isError()) {
                    drain();
                }
            }

            @Override
            public boolean prepare(Request request, Response response) throws Exception {
                return adapter.prepare(request, response);
            }

            @Override
            public boolean asyncDispatch(Request request, Response response, SocketEvent status)
                    throws Exception {
                return adapter.asyncDispatch(request, response, status);
            }

            @Override
            public void log(Request request, Response response, long time) {
                adapter.log(request, response, time);
            }

            @Override
            public void checkRecycled(Request request, Response response) {
                adapter.checkRecycled(request, response);
            }

            @Override
            public String getDomain() {
                return adapter.getDomain();
            }
        }
    }

    /** Where a body's next bytes are, which nobody wants. */
    private static final class Discarded implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {
            // filters bring a buffer of their own
        }
    }
}
