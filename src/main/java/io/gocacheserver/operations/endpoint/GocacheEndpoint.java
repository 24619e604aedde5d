package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.Purger;
import io.gocacheserver.cache.Purger.Purged;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.InvalidNamespaceException;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.operations.Overview;
import io.gocacheserver.operations.Overviews;
import io.gocacheserver.web.Problem;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeType;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import java.security.Principal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /actuator/gocache}: the service at a glance, and the actions of an operator.
 *
 * <ul>
 *   <li>{@code GET /actuator/gocache}: the {@link Overview}.
 *   <li>{@code GET /actuator/gocache/action/<id>}, {@code …/output/<id>}: the disk tier's record of it. Does not
 *       count as a use.
 *   <li>{@code POST /actuator/gocache/evict}, {@code …/scrub}: starts one; 202.
 *   <li>{@code DELETE /actuator/gocache/action/<id>?by=<who>&reason=<why>}, {@code …/output/<id>}: removes it from every
 *       tier; an action from one namespace only with {@code &namespace=}. {@code by} is needed, so that the log of purges
 *       says who it was.
 *   <li>{@code GET /actuator/gocache/writes?token=&subject=&…&namespace=&from=&to=}: a writer's entries; {@code DELETE} of
 *       the same, with {@code by}: removes all of it.
 * </ul>
 *
 * Errors are problem details, as those of the cache itself.
 */
@Component
@WebEndpoint(id = "gocache")
record GocacheEndpoint(
        Overviews overviews, LocalCatalogue disk, StoreMaintenance store, Purger purging) {

    private static final Logger log = LoggerFactory.getLogger(GocacheEndpoint.class);
    private static final MimeType PROBLEM = MimeType.valueOf(Problem.CONTENT_TYPE);
    private static final int ACCEPTED = 202;
    private static final int DEFAULT_LIMIT = 1000;
    private static final int MAX_LIMIT = 10_000;

    interface Operation {
        WebEndpointResponse<?> run() throws TierException;
    }

    @ReadOperation
    Overview overview() {
        return overviews.now();
    }

    @ReadOperation
    WebEndpointResponse<?> find(@Selector String kind, @Selector String id) {
        return answer(
                () ->
                        switch (kind) {
                            case "action" -> {
                                List<Entry> entries = disk.entries(new ActionId(id));
                                Entry first = entries.isEmpty() ? null : entries.getFirst();
                                yield first == null
                                        ? problem(ProblemType.MISS, "not on disk")
                                        : found(first.output(), first.time(), entries);
                            }
                            case "output" -> {
                                OutputId output = new OutputId(id);
                                yield found(output, null, disk.entries(output, DEFAULT_LIMIT));
                            }
                            default -> throw unknown(kind, "action and output");
                        });
    }

    @ReadOperation
    WebEndpointResponse<?> list(@Selector String what, @Nullable Integer limit) {
        int max = limit == null || limit < 1 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
        return answer(
                () -> {
                    List<Entry> entries = purging.written(query(what), max);
                    return new WebEndpointResponse<>(
                            new EntryAnswers.Writes(
                                    entries.stream().map(EntryAnswers.Write::of).toList(),
                                    entries.size() < max));
                });
    }

    @DeleteOperation
    WebEndpointResponse<?> purgeWrites(
            @Selector String what, @Nullable String by, @Nullable String reason) {
        return answer(() -> removed(purging.purge(query(what), named(by, what), caller(), reason)));
    }

    @WriteOperation
    WebEndpointResponse<?> start(@Selector String task) {
        switch (task) {
            case "evict" -> store.evictNow();
            case "scrub" -> store.scrubNow();
            default -> {
                return problem(
                        ProblemType.NOT_FOUND,
                        "there is no \"%s\" to start; there are evict and scrub".formatted(task));
            }
        }
        log.info("{} started by request", task);
        return new WebEndpointResponse<>(Map.of("started", task), ACCEPTED);
    }

    @DeleteOperation
    WebEndpointResponse<?> purge(
            @Selector String kind,
            @Selector String id,
            @Nullable String namespace,
            @Nullable String by,
            @Nullable String reason) {
        String from = caller();
        return answer(
                () -> {
                    String who = named(by, kind + "/" + id);
                    return switch (kind) {
                        case "action" -> {
                            Namespace in = namespace(namespace);
                            yield removed(purging.purge(new ActionId(id), in, who, from, reason));
                        }
                        case "output" ->
                                removed(purging.purge(new OutputId(id), who, from, reason));
                        default -> throw unknown(kind, "action and output");
                    };
                });
    }

    private WebEndpointResponse<?> found(
            OutputId output, @Nullable Instant time, List<Entry> writes) throws TierException {
        Optional<Content> content = disk.look(output);
        return content.isPresent()
                ? new WebEndpointResponse<>(
                        EntryAnswers.OnDisk.of(output, content.get(), time, writes))
                : problem(ProblemType.MISS, "not on disk");
    }

    private static WebEndpointResponse<?> removed(Purged result) {
        return result.isComplete()
                ? new WebEndpointResponse<>(EntryAnswers.Removed.of(result))
                : problem(
                        problem(result.failures()),
                        "not complete: removed from disk %d actions and %d objects; S3: %s; not done: %s"
                                .formatted(
                                        result.actionsRemoved(),
                                        result.objectsRemoved(),
                                        result.remote(),
                                        String.join("; ", result.failures())));
    }

    /** The problem if something was not done: with the disk if that is all, else with S3. */
    static ProblemType problem(List<String> failures) {
        return failures.stream().allMatch(failure -> failure.contains("[disk]"))
                ? ProblemType.DISK_FULL
                : ProblemType.S3_ERROR;
    }

    static WebEndpointResponse<?> answer(Operation operation) {
        try {
            return operation.run();
        } catch (InvalidIdException e) {
            return problem(ProblemType.BAD_ID, e.getMessage());
        } catch (ProblemException e) {
            return problem(e.type(), e.getMessage());
        } catch (TierException e) {
            log.warn(e.getMessage());
            return problem(Problem.typeOf(e), e.getMessage());
        }
    }

    static String named(@Nullable String by, String what) {
        if (by == null || by.isBlank()) {
            throw wrong(
                    "say who does it: DELETE …/%s?by=<name>&reason=<why>; the reason can be left out"
                            .formatted(what));
        }
        return by;
    }

    private static ProblemException unknown(String what, String known) {
        return new ProblemException(
                ProblemType.NOT_FOUND, "there is no \"%s\"; there are %s".formatted(what, known));
    }

    /** The remote address, and who has authenticated if somebody has: {@code 10.0.0.7 (alice)}. */
    static String caller() {
        HttpServletRequest request = request();
        if (request == null) {
            return "unknown";
        }
        Principal principal = request.getUserPrincipal();
        String address = request.getRemoteAddr();
        return principal == null ? address : "%s (%s)".formatted(address, principal.getName());
    }

    private static @Nullable HttpServletRequest request() {
        return RequestContextHolder.getRequestAttributes()
                        instanceof ServletRequestAttributes attributes
                ? attributes.getRequest()
                : null;
    }

    private static WrittenBy query(String what) {
        if (!what.equals("writes")) {
            throw unknown(what, "writes");
        }
        WrittenBy query =
                new WrittenBy(
                        Provenance.of(GocacheEndpoint::parameter),
                        namespace(parameter("namespace")),
                        instant("from", Instant.EPOCH),
                        instant("to", Instant.MAX));
        if (!query.isSpecific()) {
            throw wrong(
                    "say whose writes: token, issuer, subject, repository, ref, run, address or namespace");
        }
        if (query.to().isBefore(query.from())) {
            throw wrong("to is before from");
        }
        return query;
    }

    private static @Nullable Namespace namespace(@Nullable String name) {
        try {
            return name == null ? null : new Namespace(name);
        } catch (InvalidNamespaceException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String parameter(String name) {
        HttpServletRequest request = request();
        return request == null ? null : request.getParameter(name);
    }

    private static Instant instant(String name, Instant otherwise) {
        String text = parameter(name);
        try {
            return text == null ? otherwise : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw wrong(
                    "%s must be a time like 2026-01-31T12:00:00Z, not %s".formatted(name, text));
        }
    }

    static ProblemException wrong(String message) {
        return new ProblemException(ProblemType.BAD_REQUEST, message);
    }

    static WebEndpointResponse<?> problem(ProblemType type, @Nullable String detail) {
        return new WebEndpointResponse<>(new Problem(type, detail).body(), type.status(), PROBLEM);
    }
}
