package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.BuildCache;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.web.content.ByteRange;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.util.Optional;

/** {@code /output/<output-id>}: objects by their hash, whole or in part. */
@RestController
class OutputController {

    private static final String IMMUTABLE = "public, max-age=31536000, immutable";

    private final BuildCache cache;
    private final ObjectSender objects;
    private final ObjectReceiver receiver;

    OutputController(BuildCache cache, ObjectSender objects, ObjectReceiver receiver) {
        this.cache = cache;
        this.objects = objects;
        this.receiver = receiver;
    }

    @GetMapping({"/output/{outputId}", "/output/"})
    void get(
            Access access,
            OutputId output,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, TierException {
        Optional<Content> content = cache.find(access, output);
        if (content.isEmpty()) {
            Problem.write(response, ProblemType.MISS, null);
            return;
        }
        try {
            answer(output, content.get(), request, response);
        } finally {
            content.get().discard();
        }
    }

    @PutMapping({"/output/{outputId}", "/output/"})
    void put(
            Access access,
            OutputId output,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, TierException {
        receiver.receive(request, (size, body) -> cache.putObject(access, output, size, body));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    /** Parts are always parts of the object's own bytes: a part of a zstd frame is of no use. */
    private void answer(
            OutputId output,
            Content content,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, TierException {
        Representation representation =
                request.getHeader("Range") == null
                        ? Representation.forClient(request, output, content)
                        : new Representation(output, content, Coding.IDENTITY);
        response.setHeader("Vary", "Accept-Encoding");
        response.setHeader("Cache-Control", IMMUTABLE);
        response.setHeader("Accept-Ranges", "bytes");
        if (representation.isWithClient(request, response)) {
            return;
        }
        ByteRange range = ByteRange.of(request, representation.tag(), content.size());
        switch (range) {
            case ByteRange.Unsatisfiable _ -> {
                response.setHeader("Content-Range", "bytes */" + content.size());
                // An object never changes, an error may pass.
                response.setHeader("Cache-Control", "no-store");
                Problem.write(response, ProblemType.RANGE_NOT_SATISFIABLE, null);
                return;
            }
            case ByteRange.Part part -> {
                response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
                response.setHeader("Content-Range", part.contentRange(content.size()));
            }
            case ByteRange.Whole _ -> {}
        }
        response.setHeader(WireHeaders.OUTPUT_ID, output.hex());
        objects.send(request, response, representation, range, ObjectSender.OCTETS);
    }
}
