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
    void get(Access access, OutputId output, Exchange http) throws IOException, TierException {
        Optional<Content> content = cache.find(access, output);
        if (content.isEmpty()) {
            Problem.write(http.response(), ProblemType.MISS, null);
            return;
        }
        try {
            answer(output, content.get(), http);
        } finally {
            content.get().discard();
        }
    }

    @PutMapping({"/output/{outputId}", "/output/"})
    void put(Access access, OutputId output, Exchange http) throws IOException, TierException {
        receiver.receive(http, (size, body) -> cache.putObject(access, output, size, body));
    }

    /** Parts are always parts of the object's own bytes: a part of a zstd frame is of no use. */
    private void answer(OutputId output, Content content, Exchange http)
            throws IOException, TierException {
        Representation representation =
                http.header("Range") == null
                        ? Representation.forClient(http.request(), output, content)
                        : new Representation(output, content, Coding.IDENTITY);
        http.set("Vary", "Accept-Encoding");
        http.set("Cache-Control", IMMUTABLE);
        http.set("Accept-Ranges", "bytes");
        if (representation.isWithClient(http.request(), http.response())) {
            return;
        }
        ByteRange range = ByteRange.of(http.request(), representation.tag(), content.size());
        switch (range) {
            case ByteRange.Unsatisfiable _ -> {
                http.set("Content-Range", "bytes */" + content.size());
                // An object never changes, an error may pass.
                http.set("Cache-Control", "no-store");
                Problem.write(http.response(), ProblemType.RANGE_NOT_SATISFIABLE, null);
                return;
            }
            case ByteRange.Part part -> {
                http.response().setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
                http.set("Content-Range", part.contentRange(content.size()));
            }
            case ByteRange.Whole _ -> {}
        }
        http.set(WireHeaders.OUTPUT_ID, output.hex());
        objects.send(http, representation, range, ObjectSender.OCTETS);
    }
}
