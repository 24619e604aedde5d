package io.gocacheserver.operations.endpoint;

import io.gocacheserver.web.AccessResolver;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MimeType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /entries/action/<id>} and {@code /entries/output/<id>}: what {@link GocacheEndpoint} says and removes, on the port of
 * the page, which the actuator need not share. For administrators; where nobody needs a token, nobody removes anything.
 */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
record EntriesController(GocacheEndpoint endpoint) {

    @GetMapping("/entries/{kind}/{id}")
    ResponseEntity<?> find(@PathVariable String kind, @PathVariable String id) {
        return answer(endpoint.find(kind, id));
    }

    @DeleteMapping("/entries/{kind}/{id}")
    ResponseEntity<?> purge(
            @PathVariable String kind,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String by,
            @RequestParam(required = false) @Nullable String reason,
            HttpServletRequest request) {
        if (request.getAttribute(AccessResolver.ATTRIBUTE) == null) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "nobody needs a token here, so nobody removes entries here: use DELETE /actuator/gocache");
        }
        return answer(endpoint.purge(kind, id, namespace, by, reason));
    }

    private static ResponseEntity<?> answer(WebEndpointResponse<?> answer) {
        MimeType type = answer.getContentType();
        return ResponseEntity.status(answer.getStatus())
                .contentType(
                        type == null ? MediaType.APPLICATION_JSON : MediaType.asMediaType(type))
                .body(answer.getBody());
    }
}
