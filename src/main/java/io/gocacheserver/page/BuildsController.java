package io.gocacheserver.page;

import io.gocacheserver.cache.Access;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.web.RequestMemory;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.time.InstantSource;

/**
 * {@code POST /builds}: an adapter's report of one {@code go} command. It must be labelled as JSON, which a foreign web
 * page cannot do without asking first.
 */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class BuildsController {

    /** Memory of the largest report while it is read. */
    private static final long MEMORY_BYTES = 32 * BuildReportReader.MAX_BYTES;

    private final LatestBuilds builds;
    private final SavedTime savedTime;
    private final RequestMemory memory;
    private final InstantSource clock;

    BuildsController(LatestBuilds builds, SavedTime savedTime, RequestMemory memory) {
        this.builds = builds;
        this.savedTime = savedTime;
        this.memory = memory;
        this.clock = InstantSource.system();
    }

    @PostMapping(path = WirePaths.BUILDS, consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> report(Access access, HttpServletRequest request) throws IOException {
        try (var _ = memory.reserve(request, MEMORY_BYTES)) {
            ReportedBuild build = BuildReportReader.read(body(request), clock.instant());
            builds.add(build);
            if (access.writes() != null) { // who is not trusted to write changes no sum either
                savedTime.add(build);
            }
            return ResponseEntity.noContent()
                    .header(
                            WireHeaders.SAVED_MILLIS,
                            Long.toString(savedTime.estimateMillis(build)))
                    .build();
        }
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() <= BuildReportReader.MAX_BYTES) {
            byte[] body = request.getInputStream().readNBytes(BuildReportReader.MAX_BYTES + 1);
            if (body.length <= BuildReportReader.MAX_BYTES) {
                return body;
            }
        }
        throw new ProblemException(
                ProblemType.TOO_LARGE,
                "a report has at most %d bytes".formatted(BuildReportReader.MAX_BYTES));
    }
}
