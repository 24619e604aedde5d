package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.wire.FilterAnswer;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletRequest;
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
    void read(Access access, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        List<Namespace> namespaces = access.reads();
        ActionFilters.Answer answer =
                namespaces.size() > FilterAnswer.MAX_FILTERS ? null : filters.answer(namespaces);
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Vary", "Authorization");
        response.setHeader("Accept-Encoding", WireHeaders.ZSTD); // of Puts (RFC 9110, 12.5.3)
        if (answer == null) {
            write(FilterAnswer.INCOMPLETE.encode(), request, response);
            return;
        }
        String tag = '"' + answer.tag() + '"';
        response.setHeader("ETag", tag);
        if (Representation.matches(request.getHeader("If-None-Match"), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        try (Shares.Share reserved = memory.reserve(request, FilterAnswer.MAX_BYTES)) {
            byte[] body = new FilterAnswer(true, answer.filters()).encode();
            reserved.shrinkTo(body.length);
            write(body, request, response);
        }
    }

    private static void write(byte[] body, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Traffic.meterOf(request).accept(body.length);
        response.setContentType("application/octet-stream");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
