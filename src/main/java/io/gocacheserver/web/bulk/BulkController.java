package io.gocacheserver.web.bulk;

import io.gocacheserver.cache.Access;
import io.gocacheserver.web.QueryParameters;
import io.gocacheserver.web.RequestBody;
import io.gocacheserver.web.RequestMemory;
import io.gocacheserver.web.Traffic;
import io.gocacheserver.web.content.AcceptEncoding;
import io.gocacheserver.web.content.Executables;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;

/**
 * {@code POST /bulk}: many actions ({@link ActionList}) in one request, their objects in one streamed answer ({@link
 * io.gocacheserver.wire.BulkFrame}).
 */
@RestController
class BulkController {

    private static final String CONTENT_TYPE = "application/octet-stream";

    /** Actions that one bulk read may ask for. */
    private static final int MAX_ACTIONS = 16_384;

    private final BulkReads reads;
    private final RequestMemory memory;

    BulkController(BulkReads reads, RequestMemory memory) {
        this.reads = reads;
        this.memory = memory;
    }

    @PostMapping(WirePaths.BULK)
    void read(Access access, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        QueryParameters parameters = QueryParameters.of(request);
        BulkAnswer.Terms terms =
                new BulkAnswer.Terms(
                        AcceptEncoding.allowsZstd(request),
                        Executables.areWanted(request),
                        parameters.number("max-object", Long.MAX_VALUE),
                        parameters.number("max-bytes", Long.MAX_VALUE),
                        false,
                        Traffic.meterOf(request));
        RequestMemory.Reservation place = reads.begin(request);
        RequestBody body = null;
        boolean answering = false;
        try {
            body = read(request);
            ActionList actions = ActionList.decode(body.bytes());
            response.setContentType(CONTENT_TYPE);
            AsyncContext async = request.startAsync();
            async.setTimeout(0); // the answer has a deadline of its own
            RequestBody held = body;
            reads.answer(async, access, actions, terms, () -> giveBack(held, place));
            answering = true;
        } finally {
            if (!answering) {
                giveBack(body, place);
            }
        }
    }

    private RequestBody read(HttpServletRequest request) throws IOException {
        return RequestBody.readActions(
                request, memory, MAX_ACTIONS, 0, (count, bytes) -> bytes + BulkAnswer.MEMORY_BYTES);
    }

    private static void giveBack(@Nullable RequestBody body, RequestMemory.Reservation place) {
        if (body != null) {
            body.close();
        }
        place.close();
    }
}
