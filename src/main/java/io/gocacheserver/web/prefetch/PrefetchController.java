package io.gocacheserver.web.prefetch;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.profile.BuildFacts;
import io.gocacheserver.profile.Profiles;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.web.RequestBody;
import io.gocacheserver.web.RequestMemory;
import io.gocacheserver.web.Traffic;
import io.gocacheserver.web.content.AcceptEncoding;
import io.gocacheserver.web.content.Executables;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.util.function.Predicate;

/**
 * {@code POST /prefetch}: a build begins. The client says what it is; the answer is the list of the actions that it is likely
 * to use ({@link ActionList}) and their objects. {@code POST /prefetch/used}: it has ended. The
 * client says what it used; the answer is the list of the actions that it has and the cache lacks.
 */
@RestController
class PrefetchController {

    private static final String CONTENT_TYPE = "application/octet-stream";

    /** Room for the facts, and for as many actions as a profile has, with IDs of 32 bytes, in base64. */
    private static final int MAX_BYTES = 2 * 1024 * 1024;

    private final Prefetches prefetches;
    private final Profiles profiles;
    private final RequestMemory memory;

    PrefetchController(Prefetches prefetches, Profiles profiles, RequestMemory memory) {
        this.prefetches = prefetches;
        this.profiles = profiles;
        this.memory = memory;
    }

    /** The start of a build; {@code have} is an {@link ActionFilter} of what the client has. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Start(@Nullable BuildFacts build, byte @Nullable [] have) {}

    /** The end of a build; {@code used} are {@link UsedActions}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record End(@Nullable BuildFacts build, byte @Nullable [] used) {}

    @PostMapping(path = WirePaths.PREFETCH, consumes = MediaType.APPLICATION_JSON_VALUE)
    void start(Access access, HttpServletRequest request, HttpServletResponse response)
            throws IOException, TierException {
        long maxBytes = maxBytes(request.getParameter("max-bytes"));
        try (var _ = prefetches.begin(request);
                RequestBody body =
                        RequestBody.readJson(request, memory, MAX_BYTES, this::startBytes)) {
            Start start = read(body, Start.class);
            Profiles.Found found =
                    profiles.find(access, facts(start.build()), filter(start.have()))
                            .orElseThrow(
                                    () ->
                                            new ProblemException(
                                                    ProblemType.MISS,
                                                    "no build of this kind is known"));
            ActionList actions = found.actions();
            body.memory().shrinkTo(actions.encoded().length + PrefetchAnswer.MEMORY_BYTES);
            response.setContentType(CONTENT_TYPE);
            response.setHeader(WireHeaders.PROFILE_KEY, found.key());
            PrefetchAnswer.Terms terms =
                    new PrefetchAnswer.Terms(
                            AcceptEncoding.allowsZstd(request),
                            Executables.areWanted(request),
                            found.common(),
                            maxBytes,
                            Traffic.meterOf(request));
            prefetches.answer(response.getOutputStream(), access, actions, terms);
        }
    }

    @PostMapping(path = WirePaths.PREFETCH_USED, consumes = MediaType.APPLICATION_JSON_VALUE)
    void end(Access access, HttpServletRequest request, HttpServletResponse response)
            throws IOException, TierException, InterruptedException {
        try (RequestBody body =
                RequestBody.readJson(request, memory, MAX_BYTES, PrefetchController::endBytes)) {
            End end = read(body, End.class);
            byte[] list = end.used();
            if (list == null) {
                throw new ProblemException(ProblemType.BAD_REQUEST, "used is missing");
            }
            UsedActions used = UsedActions.decode(list);
            if (used.size() > Profiles.MAX_ACTIONS) {
                throw new ProblemException(
                        ProblemType.TOO_LARGE,
                        "more than %d actions of one build".formatted(Profiles.MAX_ACTIONS));
            }
            profiles.note(access, facts(end.build()), used);
            byte[] missing = ActionList.encode(profiles.missing(access, used));
            Traffic.meterOf(request).accept(missing.length);
            response.setContentType(CONTENT_TYPE);
            response.setContentLength(missing.length);
            response.getOutputStream().write(missing);
        }
    }

    /** The request is labelled as JSON, so the container looks for parameters in its URL alone. */
    private static long maxBytes(@Nullable String parameter) {
        try {
            long number = parameter == null ? Long.MAX_VALUE : Long.parseLong(parameter);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ProblemException(
                ProblemType.BAD_REQUEST,
                "max-bytes is %s, not a number of bytes".formatted(parameter));
    }

    private static <T> T read(RequestBody body, Class<T> type) {
        T message;
        try {
            message = JsonMapper.shared().readValue(body.bytes(), type);
        } catch (JacksonException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "not as expected: " + e.getOriginalMessage());
        }
        if (message == null) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "not a JSON object");
        }
        return message;
    }

    private static BuildFacts facts(@Nullable BuildFacts build) {
        if (build == null) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "build is missing");
        }
        return build;
    }

    private static Predicate<ActionId> filter(byte @Nullable [] have) {
        try {
            return have == null ? action -> false : ActionFilter.of(have)::mayContain;
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "have is " + e.getMessage());
        }
    }

    private long startBytes(long bytes) {
        return 4 * bytes + profiles.readBytes() + PrefetchAnswer.MEMORY_BYTES;
    }

    /** The body, the list in it, the profiles made of it and the answer; and the IDs of both as objects. */
    private static long endBytes(long bytes) {
        return 10 * bytes;
    }
}
