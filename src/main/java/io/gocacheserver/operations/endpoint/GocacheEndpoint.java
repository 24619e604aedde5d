package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.purge.Purged;
import io.gocacheserver.cache.purge.Purging;
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

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.SecurityContext;
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
final class GocacheEndpoint {

    private static final Logger log = LoggerFactory.getLogger(GocacheEndpoint.class);
    private static final MimeType PROBLEM = MimeType.valueOf(Problem.CONTENT_TYPE);
    private static final int ACCEPTED = 202;
    private static final String WRITES = "writes";
    private static final int DEFAULT_LIMIT = 1000;
    private static final int MAX_LIMIT = 10_000;

    /** An operation on an ID. */
    private interface Operation {
        WebEndpointResponse<?> run() throws TierException;
    }

    private final Overviews overviews;
    private final LocalCatalogue disk;
    private final StoreMaintenance store;
    private final Purging purging;

    GocacheEndpoint(
            Overviews overviews, LocalCatalogue disk, StoreMaintenance store, Purging purging) {
        this.overviews = overviews;
        this.disk = disk;
        this.store = store;
        this.purging = purging;
    }

    @ReadOperation
    Overview overview() {
        return overviews.now();
    }

    @ReadOperation
    WebEndpointResponse<?> find(@Selector String kind, @Selector String id) {
        return switch (kind) {
            case "action" -> answer(() -> findAction(new ActionId(id)));
            case "output" -> answer(() -> findOutput(new OutputId(id)));
            default -> unknownKind(kind);
        };
    }

    @ReadOperation
    WebEndpointResponse<?> list(
            @Selector String what,
            @Nullable String token,
            @Nullable String issuer,
            @Nullable String subject,
            @Nullable String repository,
            @Nullable String ref,
            @Nullable String run,
            @Nullable String address,
            @Nullable String namespace,
            @Nullable String from,
            @Nullable String to,
            @Nullable Integer limit) {
        if (!what.equals(WRITES)) {
            return unknownList(what);
        }
        Provenance by = new Provenance(token, issuer, subject, repository, ref, run, address);
        int max = limit == null || limit < 1 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
        return answer(
                () -> {
                    WrittenBy query = query(by, namespace, from, to);
                    List<Entry> entries = purging.written(query, max);
                    return new WebEndpointResponse<>(
                            new EntryAnswers.Writes(
                                    entries.stream().map(EntryAnswers.Write::of).toList(),
                                    entries.size() < max));
                });
    }

    @DeleteOperation
    WebEndpointResponse<?> purgeWrites(
            @Selector String what,
            @Nullable String token,
            @Nullable String issuer,
            @Nullable String subject,
            @Nullable String repository,
            @Nullable String ref,
            @Nullable String run,
            @Nullable String address,
            @Nullable String namespace,
            @Nullable String from,
            @Nullable String to,
            @Nullable String by,
            @Nullable String reason,
            SecurityContext security) {
        if (!what.equals(WRITES)) {
            return unknownList(what);
        }
        if (by == null || by.isBlank()) {
            return unnamed(WRITES);
        }
        Provenance writer = new Provenance(token, issuer, subject, repository, ref, run, address);
        String caller = caller(security);
        return answer(
                () -> {
                    WrittenBy query = query(writer, namespace, from, to);
                    return answer(purging.purge(query, by, caller, reason));
                });
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
            @Nullable String reason,
            SecurityContext security) {
        if (by == null || by.isBlank()) {
            return unnamed(kind + "/" + id);
        }
        String from = caller(security);
        return switch (kind) {
            case "action" ->
                    answer(
                            () ->
                                    answer(
                                            purging.purge(
                                                    new ActionId(id),
                                                    namespace(namespace),
                                                    by,
                                                    from,
                                                    reason)));
            case "output" ->
                    answer(() -> answer(purging.purge(new OutputId(id), by, from, reason)));
            default -> unknownKind(kind);
        };
    }

    private WebEndpointResponse<?> findAction(ActionId action) throws TierException {
        List<Entry> entries = disk.entries(action);
        if (entries.isEmpty()) {
            return problem(ProblemType.MISS, "not on disk");
        }
        Entry first = entries.getFirst();
        Optional<Content> content = disk.look(first.output());
        return content.isPresent()
                ? new WebEndpointResponse<>(
                        EntryAnswers.OnDisk.of(
                                first.output(), content.get(), first.time(), entries))
                : problem(ProblemType.MISS, "not on disk");
    }

    private WebEndpointResponse<?> findOutput(OutputId output) throws TierException {
        Optional<Content> content = disk.look(output);
        return content.isPresent()
                ? new WebEndpointResponse<>(
                        EntryAnswers.OnDisk.of(
                                output, content.get(), null, disk.entries(output, DEFAULT_LIMIT)))
                : problem(ProblemType.MISS, "not on disk");
    }

    private static WebEndpointResponse<?> answer(Purged result) {
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

    private static WebEndpointResponse<?> answer(Operation operation) {
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

    private static WebEndpointResponse<?> unnamed(String what) {
        return problem(
                ProblemType.BAD_REQUEST,
                "say who does it: DELETE …/%s?by=<name>&reason=<why>; the reason can be left out"
                        .formatted(what));
    }

    private static WebEndpointResponse<?> unknownList(String what) {
        return problem(
                ProblemType.NOT_FOUND, "there is no \"%s\"; there are writes".formatted(what));
    }

    private static WebEndpointResponse<?> unknownKind(String kind) {
        return problem(
                ProblemType.NOT_FOUND,
                "there is no \"%s\"; there are action and output".formatted(kind));
    }

    /** The remote address, and who has authenticated if somebody has: {@code 10.0.0.7 (alice)}. */
    static String caller(SecurityContext security) {
        String address =
                RequestContextHolder.getRequestAttributes()
                                instanceof ServletRequestAttributes attributes
                        ? attributes.getRequest().getRemoteAddr()
                        : "unknown";
        Principal principal = security.getPrincipal();
        return principal == null ? address : "%s (%s)".formatted(address, principal.getName());
    }

    private static WrittenBy query(
            Provenance by, @Nullable String namespace, @Nullable String from, @Nullable String to) {
        WrittenBy query =
                new WrittenBy(
                        by,
                        namespace(namespace),
                        instant("from", from, Instant.EPOCH),
                        instant("to", to, Instant.MAX));
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

    private static Instant instant(String name, @Nullable String text, Instant otherwise) {
        try {
            return text == null ? otherwise : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw wrong(
                    "%s must be a time like 2026-01-31T12:00:00Z, not %s".formatted(name, text));
        }
    }

    private static ProblemException wrong(String message) {
        return new ProblemException(ProblemType.BAD_REQUEST, message);
    }

    static WebEndpointResponse<?> problem(ProblemType type, @Nullable String detail) {
        return new WebEndpointResponse<>(new Problem(type, detail).body(), type.status(), PROBLEM);
    }
}
