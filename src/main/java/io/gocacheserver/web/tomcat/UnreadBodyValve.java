package io.gocacheserver.web.tomcat;

import jakarta.servlet.ServletException;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Discards the received bytes of a body that was not read, such as a refused Put's. If that is the whole body, the connection
 * can be used again; otherwise the answer closes it. Never waits.
 */
final class UnreadBodyValve extends ValveBase {

    private static final long MAX_BYTES = 256 * 1024;

    UnreadBodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (response.isCommitted() || request.isAsync() || isRead(request)) {
            return;
        }
        if (!request.getCoyoteRequest().hasExpectation()) {
            discardReceived(request);
        }
        if (!isRead(request)) {
            response.setHeader("Connection", "close");
        }
    }

    private static boolean isRead(Request request) {
        AtomicBoolean read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return read.get();
    }

    private static void discardReceived(Request request) {
        org.apache.coyote.Request coyote = request.getCoyoteRequest();
        Discarded discarded = new Discarded();
        try {
            long left = MAX_BYTES;
            while (left > 0 && !isRead(request) && hasReceived(coyote)) {
                int count = coyote.doRead(discarded);
                if (count < 0) {
                    return;
                }
                left -= count;
            }
        } catch (IOException e) {
            // The connection is closed after the answer.
        }
    }

    private static boolean hasReceived(org.apache.coyote.Request request) {
        request.action(ActionCode.AVAILABLE, true);
        return request.getAvailable() > 0;
    }

    /** Holds the next bytes, which are discarded. */
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
