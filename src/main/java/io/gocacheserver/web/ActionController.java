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
import io.gocacheserver.web.content.ByteRange;
import io.gocacheserver.web.content.Executables;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.web.content.SmallFrames;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletRequest;
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
    void get(
            Access access,
            ActionId action,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, TierException {
        Lookup lookup = cache.get(access, action);
        response.setHeader("Vary", VARY);
        if (lookup instanceof Hit hit && !Executables.areWanted(request)) {
            Coding wanted = AcceptEncoding.allowsZstd(request) ? Coding.ZSTD : Coding.IDENTITY;
            lookup = Executables.hide(hit, wanted, frames);
        }
        switch (lookup) {
            case Miss _ -> Problem.write(response, ProblemType.MISS, null);
            case Hit hit -> {
                try {
                    answer(hit, request, response);
                } finally {
                    hit.content().discard();
                }
            }
        }
    }

    @PutMapping({"/action/{actionId}", "/action/"})
    void put(
            Access access,
            ActionId action,
            HttpServletRequest request,
            HttpServletResponse response)
            throws TierException {
        String outputId = request.getHeader(WireHeaders.OUTPUT_ID);
        if (outputId == null) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "PUT /action/<action-id> needs the header "
                            + WireHeaders.OUTPUT_ID
                            + "; to send action and object in one request, PUT /<action-id>/<output-id>");
        }
        if (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "PUT /action/<action-id> has no body; send the object with PUT /output/<output-id>");
        }
        OutputId output = new OutputId(outputId);
        if (!cache.putAction(access, action, output)) {
            throw new ProblemException(ProblemType.OBJECT_MISSING, "PUT /output/" + output);
        }
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
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

    private void answer(Hit hit, HttpServletRequest request, HttpServletResponse response)
            throws IOException, TierException {
        if (WireHeaders.WANT_OBJECT_YES.equals(request.getHeader(WireHeaders.WANT_OBJECT))) {
            sendObject(hit, request, response);
        } else {
            sendEntry(hit.entry(), response);
        }
    }

    private void sendObject(Hit hit, HttpServletRequest request, HttpServletResponse response)
            throws IOException, TierException {
        Entry entry = hit.entry();
        Representation representation =
                Representation.forClient(request, entry.output(), hit.content());
        response.setHeader(WireHeaders.OUTPUT_ID, entry.output().hex());
        response.setHeader(WireHeaders.ENTRY_TIME, entry.time().toString());
        if (!representation.isWithClient(request, response)) {
            objects.send(
                    request, response, representation, new ByteRange.Whole(), ObjectSender.OCTETS);
        }
    }

    private static void sendEntry(Entry entry, HttpServletResponse response) throws IOException {
        // IDs, numbers and ISO 8601 times need no escaping.
        String json =
                "{\"outputID\":\"%s\",\"size\":%d,\"time\":\"%s\"}"
                        .formatted(entry.output(), entry.size(), entry.time());
        byte[] body = json.getBytes(StandardCharsets.US_ASCII);
        response.setContentType("application/json");
        response.setHeader(WireHeaders.OUTPUT_ID, entry.output().hex());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
