package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.Purger;
import io.gocacheserver.cache.Purger.Purged;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.module.ModuleProxy;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code /actuator/modules}: what became of the latest requests to upstreams; with {@code ?module=<path>&version=<version>} who
 * asked first for that version. {@code DELETE
 * /actuator/modules?module=<path>&version=<version>&by=<who>&reason=<why>} removes a version's files from disk and from S3.
 */
@Component
@WebEndpoint(id = "modules")
record ModulesEndpoint(ModuleProxy modules, LocalCatalogue disk, Purger purging) {

    record Removed(String module, String version, int files) implements OperationResponseBody {}

    /** The files of a version on this disk, the earliest first: who caused that to be fetched asked first. */
    record Kept(String module, String version, List<EntryAnswers.Write> files)
            implements OperationResponseBody {}

    @ReadOperation
    WebEndpointResponse<?> report(@Nullable String module, @Nullable String version) {
        if (module == null || version == null) {
            return new WebEndpointResponse<>(modules.report());
        }
        return GocacheEndpoint.answer(
                () -> {
                    List<Entry> files = new ArrayList<>();
                    for (ActionKey key : keys(module, version)) {
                        disk.entries(key.action()).stream()
                                .filter(entry -> entry.key().equals(key))
                                .forEach(files::add);
                    }
                    files.sort(Comparator.comparing(Entry::time));
                    return new WebEndpointResponse<>(
                            new Kept(
                                    module,
                                    version,
                                    files.stream().map(EntryAnswers.Write::of).toList()));
                });
    }

    @DeleteOperation
    WebEndpointResponse<?> purge(
            String module, String version, @Nullable String by, @Nullable String reason) {
        return GocacheEndpoint.answer(
                () -> {
                    String who = GocacheEndpoint.named(by, "modules");
                    int removed = 0;
                    List<String> failures = new ArrayList<>();
                    String why =
                            "module %s@%s%s"
                                    .formatted(
                                            module, version, reason == null ? "" : ": " + reason);
                    for (ActionKey key : keys(module, version)) {
                        Purged purged =
                                purging.purge(
                                        key.action(),
                                        key.namespace(),
                                        who,
                                        GocacheEndpoint.caller(),
                                        why);
                        removed += purged.actionsRemoved();
                        failures.addAll(purged.failures());
                    }
                    return failures.isEmpty()
                            ? new WebEndpointResponse<>(new Removed(module, version, removed))
                            : GocacheEndpoint.problem(
                                    GocacheEndpoint.problem(failures),
                                    "not done: " + String.join("; ", failures));
                });
    }

    private List<ActionKey> keys(String module, String version) {
        try {
            return modules.files(module, version);
        } catch (RuntimeException e) {
            throw GocacheEndpoint.wrong(String.valueOf(e.getMessage()));
        }
    }
}
