package io.gocacheserver.build;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.web.RequestBody;
import io.gocacheserver.web.RequestMemory;
import io.gocacheserver.wire.PackageCodes;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * {@code /builds}: adapters report what each {@code go} command did, and then its packages; both must be labelled as JSON, which
 * a foreign web page cannot do without asking first. Who may observe sees all builds, who may read those of the namespaces
 * that he reads.
 */
@RestController
@RequestMapping(WirePaths.BUILDS)
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class BuildsController {

    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    private static final String TEXT = MediaType.TEXT_PLAIN_VALUE;
    private static final int MOST_BUILDS = 200;
    private static final int FIRST_ROOTS = 3;

    private final Builds builds;
    private final BuildStore store;
    private final RequestMemory memory;
    private final InstantSource clock = InstantSource.system();

    BuildsController(Builds builds, BuildStore store, RequestMemory memory) {
        this.builds = builds;
        this.store = store;
        this.memory = memory;
    }

    /** A part of the builds, and the number before which the next part begins; null if there is none. */
    record Part(List<ReportedBuild> builds, @Nullable Long next) {}

    record Sums(List<BuildStore.Day> days, int replicas) {}

    record Packages(@Nullable List<@Nullable PackageUse> packages) {}

    @PostMapping(consumes = JSON)
    ResponseEntity<Void> report(Access access, HttpServletRequest request) throws IOException {
        try (RequestBody body =
                RequestBody.readJson(
                        request,
                        memory,
                        BuildReportReader.MAX_BYTES,
                        bytes -> 32 * bytes + 4_096)) {
            ReportedBuild build =
                    builds.add(
                            BuildReportReader.read(body.bytes(), clock.instant(), access), access);
            return ResponseEntity.noContent()
                    .header(WireHeaders.SAVED_MILLIS, Long.toString(build.savedMillis()))
                    .header(WireHeaders.BUILD_ID, Long.toString(build.id()))
                    .build();
        }
    }

    /** The answer is the first roots: a line each of followers, package and reason, with tabs between. */
    @PostMapping(path = "/{id}/packages", consumes = JSON, produces = TEXT)
    ResponseEntity<byte[]> packages(
            Access access, @PathVariable long id, HttpServletRequest request) throws IOException {
        try (RequestBody body =
                RequestBody.readJson(
                        request, memory, PackageCodes.MAX_BYTES, bytes -> 4 * bytes + 64 * 1024)) {
            List<PackageUse> uses = uses(body.bytes());
            List<Explainer.Root> roots =
                    ExplanationText.grouped(builds.addPackages(id, uses, access, clock.instant()));
            return text(
                    roots.stream()
                            .limit(FIRST_ROOTS)
                            .map(
                                    root ->
                                            "%d\t%s\t%s\n"
                                                    .formatted(
                                                            root.followers(),
                                                            root.name(),
                                                            root.detail()))
                            .collect(Collectors.joining()));
        }
    }

    private static List<PackageUse> uses(byte[] body) {
        List<@Nullable PackageUse> uses;
        try {
            Packages message = BuildReportReader.JSON.readValue(body, Packages.class);
            uses = message == null ? null : message.packages();
        } catch (JacksonException e) {
            throw wrong("packages are not as expected");
        }
        if (uses == null) {
            throw wrong("packages are missing");
        }
        if (uses.size() > PackageCodes.MAX_PACKAGES) {
            throw new ProblemException(
                    ProblemType.TOO_LARGE,
                    "more than %d packages".formatted(PackageCodes.MAX_PACKAGES));
        }
        List<PackageUse> named = uses.stream().filter(Objects::nonNull).toList();
        if (named.size() < uses.size()
                || named.stream()
                        .flatMapToInt(use -> Arrays.stream(use.deps()))
                        .anyMatch(dep -> dep < 0 || dep >= named.size())) {
            throw wrong("a package is null, or imports one that is not in the list");
        }
        return named;
    }

    @GetMapping(produces = JSON)
    ResponseEntity<Part> builds(
            Access access,
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable String module,
            @RequestParam(required = false) @Nullable String branch,
            @RequestParam(required = false) @Nullable String job,
            @RequestParam(required = false) @Nullable String client,
            @RequestParam(defaultValue = "false") boolean failed,
            @RequestParam(defaultValue = "0") long before,
            @RequestParam(defaultValue = "50") int limit) {
        int most = between(limit, MOST_BUILDS, "limit");
        List<String> seen = visible(access, request);
        List<ReportedBuild> found =
                store.builds(
                        new BuildStore.Query(
                                seen, module, branch, job, client, failed, before, most + 1));
        boolean more = found.size() > most;
        List<ReportedBuild> part = more ? found.subList(0, most) : found;
        return uncached().body(new Part(part, more ? part.getLast().id() : null));
    }

    @GetMapping(path = "/{id:[0-9]+}", produces = JSON)
    ResponseEntity<Builds.Detail> build(
            Access access, HttpServletRequest request, @PathVariable long id) {
        return uncached().body(detail(access, request, id));
    }

    @GetMapping(path = "/{id}/explanation", produces = TEXT)
    ResponseEntity<byte[]> explanation(
            Access access, HttpServletRequest request, @PathVariable long id) {
        return text(ExplanationText.of(detail(access, request, id)));
    }

    private Builds.Detail detail(Access access, HttpServletRequest request, long id) {
        Builds.Detail detail = builds.detail(id, visible(access, request));
        if (detail == null) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "build %d is not known, or not to be seen with this token".formatted(id));
        }
        return detail;
    }

    @GetMapping(path = "/days", produces = JSON)
    ResponseEntity<Sums> days(
            Access access,
            HttpServletRequest request,
            @RequestParam(defaultValue = "30") int days) {
        int last = between(days, BuildStore.MOST_DAYS, "days");
        return uncached()
                .body(new Sums(store.days(last, visible(access, request)), store.replicas()));
    }

    @GetMapping(path = "/missed", produces = JSON)
    ResponseEntity<?> missed(
            Access access,
            HttpServletRequest request,
            @RequestParam(defaultValue = "7") int days,
            @RequestParam(defaultValue = "50") int limit) {
        int last = between(days, BuildStore.MOST_DAYS, "days");
        int most = between(limit, MOST_BUILDS, "limit");
        return uncached()
                .body(Map.of("packages", store.missed(last, most, visible(access, request))));
    }

    @GetMapping(path = "/packages", produces = JSON)
    ResponseEntity<?> actions(
            Access access,
            HttpServletRequest request,
            @RequestParam String name,
            @RequestParam(defaultValue = "20") int limit) {
        int most = between(limit, MOST_BUILDS, "limit");
        return uncached()
                .body(Map.of("packages", store.actions(name, most, visible(access, request))));
    }

    /** The namespaces whose builds may be seen, or null for all. */
    private static @Nullable List<String> visible(Access access, HttpServletRequest request) {
        return request.isUserInRole("OBSERVE")
                ? null
                : access.reads().stream().map(Namespace::name).toList();
    }

    private static int between(int number, int most, String name) {
        if (number < 1 || number > most) {
            throw wrong("%s must be 1 to %d".formatted(name, most));
        }
        return number;
    }

    private static ProblemException wrong(String message) {
        return new ProblemException(ProblemType.BAD_REQUEST, message);
    }

    private static ResponseEntity<byte[]> text(String text) {
        MediaType type = new MediaType("text", "plain", StandardCharsets.UTF_8);
        return uncached().contentType(type).body(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ResponseEntity.BodyBuilder uncached() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Content-Type-Options", "nosniff")
                .header("Cross-Origin-Resource-Policy", "same-origin");
    }
}
