package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

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

    private final BulkReads reads;
    private final BulkProperties properties;

    BulkController(BulkReads reads, BulkProperties properties) {
        this.reads = reads;
        this.properties = properties;
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
                        Traffic.meterOf(request));
        reads.begin();
        boolean answering = false;
        try {
            byte[] body = RequestBody.readActions(request, properties.maxActions(), 0);
            ActionList actions = ActionList.decode(body);
            response.setContentType(CONTENT_TYPE);
            AsyncContext async = request.startAsync();
            async.setTimeout(0); // the answer has a deadline of its own
            reads.answer(async, access, actions, terms);
            answering = true;
        } finally {
            if (!answering) {
                reads.end();
            }
        }
    }
}
