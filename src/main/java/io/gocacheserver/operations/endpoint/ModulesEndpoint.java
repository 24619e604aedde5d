package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.Purged;
import io.gocacheserver.cache.Purging;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.module.ModuleProxy;
import io.gocacheserver.module.ModuleReport;
import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code /actuator/modules}: what became of the latest requests to upstreams. {@code DELETE
 * /actuator/modules?module=<path>&version=<version>&by=<who>&reason=<why>} removes a version's files from disk and from S3.
 */
@Component
@WebEndpoint(id = "modules")
record ModulesEndpoint(ModuleProxy modules, Purging purging) {

    record Removed(String module, String version, int files) implements OperationResponseBody {}

    @ReadOperation
    ModuleReport report() {
        return modules.report();
    }

    @DeleteOperation
    WebEndpointResponse<?> purge(
            String module, String version, @Nullable String by, @Nullable String reason) {
        if (by == null || by.isBlank()) {
            return GocacheEndpoint.problem(
                    ProblemType.BAD_REQUEST,
                    "say who does it: DELETE …?module=<path>&version=<version>&by=<name>&reason=<why>; the reason can be left out");
        }
        List<ActionKey> keys;
        try {
            keys = modules.files(module, version);
        } catch (RuntimeException e) {
            return GocacheEndpoint.problem(ProblemType.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        int removed = 0;
        List<String> failures = new ArrayList<>();
        String why =
                "module %s@%s%s".formatted(module, version, reason == null ? "" : ": " + reason);
        for (ActionKey key : keys) {
            Purged purged =
                    purging.purge(key.action(), key.namespace(), by, GocacheEndpoint.caller(), why);
            removed += purged.actionsRemoved();
            failures.addAll(purged.failures());
        }
        return failures.isEmpty()
                ? new WebEndpointResponse<>(new Removed(module, version, removed))
                : GocacheEndpoint.problem(
                        GocacheEndpoint.problem(failures),
                        "not done: " + String.join("; ", failures));
    }
}
