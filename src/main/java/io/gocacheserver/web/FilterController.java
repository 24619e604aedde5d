package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.wire.FilterAnswer;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.util.List;

/** {@code /filter}: filters of the actions that the client may read, so that it need not ask for any that is not there. */
@RestController
class FilterController {

    private final ActionFilters filters;
    private final RequestMemory memory;

    FilterController(ActionFilters filters, RequestMemory memory) {
        this.filters = filters;
        this.memory = memory;
    }

    @GetMapping(WirePaths.FILTER)
    void read(Access access, Exchange http) throws IOException {
        List<Namespace> namespaces = access.reads();
        ActionFilters.Answer answer =
                namespaces.size() > FilterAnswer.MAX_FILTERS ? null : filters.answer(namespaces);
        http.set("Cache-Control", "private, no-cache");
        http.set("Vary", "Authorization");
        http.set("Accept-Encoding", WireHeaders.ZSTD); // of Puts (RFC 9110, 12.5.3)
        if (answer == null) {
            write(FilterAnswer.INCOMPLETE.encode(), http);
            return;
        }
        String tag = '"' + answer.tag() + '"';
        http.set("ETag", tag);
        if (Representation.matches(http.header("If-None-Match"), tag)) {
            http.response().setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        try (Shares.Share reserved = memory.reserve(http.request(), FilterAnswer.MAX_BYTES)) {
            byte[] body = new FilterAnswer(true, answer.filters()).encode();
            reserved.shrinkTo(body.length);
            write(body, http);
        }
    }

    private static void write(byte[] body, Exchange http) throws IOException {
        Traffic.meterOf(http.request()).accept(body.length);
        http.response().setContentType("application/octet-stream");
        http.response().setContentLength(body.length);
        http.response().getOutputStream().write(body);
    }
}
