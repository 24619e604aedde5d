package io.gocacheserver.web.tomcat;

import jakarta.servlet.ServletException;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Discards the received bytes of a body that was not read, such as a refused Put's. If that is the whole body, the connection
 * can be used again; otherwise the answer closes it. Never waits. The body of a GET, HEAD, DELETE or OPTIONS is never read.
 */
final class UnreadBodyValve extends ValveBase {

    private static final long MAX_BYTES = 256 * 1024;
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

    UnreadBodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Request coyote = request.getCoyoteRequest();
        if (coyote.getInputBuffer() instanceof MinimumRate body) {
            String method = request.getMethod(); // null if the request's line could not be read
            body.restart(method == null || !WITHOUT_BODY.contains(method));
        }
        getNext().invoke(request, response);
        if (isRead(request)) {
            return;
        }
        if (!response.isCommitted()) {
            if (!coyote.hasExpectation()) {
                discardReceived(request);
            }
            if (isRead(request)) {
                return;
            }
            response.setHeader("Connection", "close");
        }
        response.finishResponse();
        int status = response.getCoyoteResponse().getStatus();
        coyote.action(ActionCode.DISABLE_SWALLOW_INPUT, null); // which makes the status 500
        response.getCoyoteResponse().setStatus(status);
    }

    private static boolean isRead(Request request) {
        AtomicBoolean read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        return read.get();
    }

    private static void discardReceived(Request request) {
        org.apache.coyote.Request coyote = request.getCoyoteRequest();
        byte[] discarded = new byte[BUFFER_BYTES];
        try {
            long left = MAX_BYTES;
            while (left > 0 && !isRead(request) && hasReceived(coyote)) {
                int count = request.getStream().read(discarded);
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
}
