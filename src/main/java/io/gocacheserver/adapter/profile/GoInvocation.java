package io.gocacheserver.adapter.profile;

import java.util.List;
import java.util.Map;

/**
 * A Go command that runs, or another program with cmd/go's cache in it.
 *
 * @param directory its working directory, after {@code -C}; empty if that is not known
 * @param command its command line; empty if that is not known
 * @param environment what it gives its helpers: cmd/go sets {@code GOVERSION}, {@code GOFLAGS}, {@code GOOS} and all else
 *     that {@code go env} shows, with {@code go env -w} taken into account
 */
public record GoInvocation(
        String directory, List<String> command, Map<String, String> environment) {

    /** The one that has started this process. */
    public static GoInvocation ofParent(Map<String, String> environment) {
        return new GoInvocation(
                System.getProperty("user.dir", ""), ParentCommand.read(), environment);
    }

    /** The value of a variable, or the empty text. */
    String variable(String name) {
        String value = environment.get(name);
        return value == null ? "" : value;
    }
}
