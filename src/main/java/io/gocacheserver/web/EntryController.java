package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;

/** {@code PUT /<action-id>/<output-id>}: an action and its object in one request. */
@RestController
class EntryController {

    private final BuildCache cache;
    private final ObjectReceiver receiver;

    EntryController(BuildCache cache, ObjectReceiver receiver) {
        this.cache = cache;
        this.receiver = receiver;
    }

    @PutMapping({"/{actionId}/{outputId}", "/{actionId}/"})
    void put(
            Access access,
            ActionId action,
            OutputId output,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, TierException {
        receiver.receive(request, (size, body) -> cache.put(access, action, output, size, body));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
