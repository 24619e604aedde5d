package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.profile.GoInvocation;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * A build and its surroundings.
 *
 * @param service the service's URL
 * @param version the adapter's
 * @param cacheDir local cache directory
 * @param build the Go command
 */
public record BuildContext(String service, String version, String cacheDir, GoInvocation build) {

    String directory() {
        return build.directory();
    }

    /** The variables that cmd/go gives its helpers, such as {@code GOVERSION} and {@code GOFLAGS}. */
    Map<String, String> environment() {
        return build.environment();
    }

    /** The Go command's line, its program's path left out: {@code go build ./...}. Null if that is not known. */
    @Nullable String commandText() {
        List<String> command = build.command();
        if (command.isEmpty()) {
            return null;
        }
        String program = command.getFirst();
        int slash = Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\'));
        StringBuilder text = new StringBuilder(program.substring(slash + 1));
        for (int i = 1; i < command.size(); i++) {
            text.append(' ').append(command.get(i));
        }
        return text.toString();
    }
}
