package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.Lookup.Miss;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.web.content.AcceptEncoding;
import io.gocacheserver.web.content.Executables;
import io.gocacheserver.web.content.SmallFrames;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code /action/<action-id>}: the product of an action. A Get answers with the object itself where the client asks for
 * it ({@code Want-Object: 1}), else with the entry as JSON. A Put is the second step of a Put in two. {@code PUT
 * /<action-id>/<output-id>}: an action and its object in one request.
 */
@RestController
class ActionController {

    private static final String VARY =
            WireHeaders.WANT_OBJECT + ", " + WireHeaders.WANT_EXECUTABLE + ", Accept-Encoding";

    private final BuildCache cache;
    private final ObjectSender objects;
    private final ObjectReceiver receiver;
    private final SmallFrames frames;

    ActionController(
            BuildCache cache, ObjectSender objects, ObjectReceiver receiver, SmallFrames frames) {
        this.cache = cache;
        this.objects = objects;
        this.receiver = receiver;
        this.frames = frames;
    }

    @GetMapping({"/action/{actionId}", "/action/"})
    void get(Access access, ActionId action, Exchange http) throws IOException, TierException {
        Lookup lookup = cache.get(access, action);
        http.set("Vary", VARY);
        if (lookup instanceof Hit hit && !Executables.areWanted(http.request())) {
            Coding wanted =
                    AcceptEncoding.allowsZstd(http.request()) ? Coding.ZSTD : Coding.IDENTITY;
            lookup = Executables.hide(hit, wanted, frames);
        }
        switch (lookup) {
            case Miss _ -> Problem.write(http.response(), ProblemType.MISS, null);
            case Hit hit -> {
                try {
                    answer(hit, http);
                } finally {
                    hit.content().discard();
                }
            }
        }
    }

    @PutMapping({"/action/{actionId}", "/action/"})
    void put(Access access, ActionId action, Exchange http) throws TierException {
        String outputId = http.header(WireHeaders.OUTPUT_ID);
        if (outputId == null) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "PUT /action/<action-id> needs the header "
                            + WireHeaders.OUTPUT_ID
                            + "; to send action and object in one request, PUT /<action-id>/<output-id>");
        }
        if (http.request().getContentLengthLong() > 0 || http.header("Transfer-Encoding") != null) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "PUT /action/<action-id> has no body; send the object with PUT /output/<output-id>");
        }
        OutputId output = new OutputId(outputId);
        if (!cache.putAction(access, action, output)) {
            throw new ProblemException(ProblemType.OBJECT_MISSING, "PUT /output/" + output);
        }
        http.response().setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    @PutMapping({"/{actionId}/{outputId}", "/{actionId}/"})
    void put(Access access, ActionId action, OutputId output, Exchange http)
            throws IOException, TierException {
        receiver.receive(http, (size, body) -> cache.put(access, action, output, size, body));
    }

    private void answer(Hit hit, Exchange http) throws IOException, TierException {
        Entry entry = hit.entry();
        http.set(WireHeaders.OUTPUT_ID, entry.output().hex());
        if (WireHeaders.WANT_OBJECT_YES.equals(http.header(WireHeaders.WANT_OBJECT))) {
            http.set(WireHeaders.ENTRY_TIME, entry.time().toString());
            objects.sendWhole(http, entry.output(), hit.content(), ObjectSender.OCTETS);
            return;
        }
        // IDs, numbers and ISO 8601 times need no escaping.
        String json =
                "{\"outputID\":\"%s\",\"size\":%d,\"time\":\"%s\"}"
                        .formatted(entry.output(), entry.size(), entry.time());
        byte[] body = json.getBytes(StandardCharsets.US_ASCII);
        http.response().setContentType("application/json");
        http.response().setContentLength(body.length);
        http.response().getOutputStream().write(body);
    }
}
