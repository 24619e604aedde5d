package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.Purged;
import io.gocacheserver.cache.Purging;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.operations.Overview;
import io.gocacheserver.operations.Overviews;
import io.gocacheserver.operations.endpoint.WritesQuery.InvalidQueryException;
import io.gocacheserver.web.Problem;
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
import org.springframework.util.MimeType;

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
        WebEndpointResponse<?> run() throws TierException, InvalidQueryException;
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
                    WrittenBy query = WritesQuery.of(by, namespace, from, to);
                    List<Entry> entries = purging.written(query, max);
                    return new WebEndpointResponse<>(
                            new Writes(
                                    entries.stream().map(Write::of).toList(),
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
        String caller = Caller.of(security);
        return answer(
                () -> {
                    WrittenBy query = WritesQuery.of(writer, namespace, from, to);
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
        String from = Caller.of(security);
        return switch (kind) {
            case "action" ->
                    answer(
                            () ->
                                    answer(
                                            purging.purge(
                                                    new ActionId(id),
                                                    WritesQuery.namespace(namespace),
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
                        OnDisk.of(first.output(), content.get(), first.time(), entries))
                : problem(ProblemType.MISS, "not on disk");
    }

    private WebEndpointResponse<?> findOutput(OutputId output) throws TierException {
        Optional<Content> content = disk.look(output);
        return content.isPresent()
                ? new WebEndpointResponse<>(
                        OnDisk.of(output, content.get(), null, disk.entries(output, DEFAULT_LIMIT)))
                : problem(ProblemType.MISS, "not on disk");
    }

    private static WebEndpointResponse<?> answer(Purged result) {
        PurgeAnswer answer = PurgeAnswer.of(result);
        List<String> failures = result.failures();
        return failures.isEmpty()
                ? new WebEndpointResponse<>(answer)
                : problem(PurgeAnswer.problem(failures), answer.incomplete(failures));
    }

    private static WebEndpointResponse<?> answer(Operation operation) {
        try {
            return operation.run();
        } catch (InvalidIdException e) {
            return problem(ProblemType.BAD_ID, e.getMessage());
        } catch (InvalidQueryException e) {
            return problem(ProblemType.BAD_REQUEST, e.getMessage());
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

    private static WebEndpointResponse<?> problem(ProblemType type, @Nullable String detail) {
        return new WebEndpointResponse<>(new Problem(type, detail).body(), type.status(), PROBLEM);
    }
}
