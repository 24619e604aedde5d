package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
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

    /** Stands in keys where the Go command's word does. */
    private static final String SAVED = "saved";

    /** The one that has started this process. */
    public static GoInvocation ofParent(Map<String, String> environment) {
        return new GoInvocation(
                System.getProperty("user.dir", ""), ParentCommand.read(), environment);
    }

    /**
     * Of all builds in this process's directory at once, whose cache is brought and saved as a whole; null if there is no
     * {@code go} to ask for its environment.
     */
    public static @Nullable GoInvocation ofDirectory(Map<String, String> environment) {
        List<String> names = new ArrayList<>(BuildEnvironment.names());
        names.addAll(List.of("GOFLAGS", "GO111MODULE", "GOPATH", "GOWORK", "GOMODCACHE"));
        List<String> values = GoEnv.ask(names);
        if (values == null) {
            return null;
        }
        Map<String, String> all = new HashMap<>(environment);
        for (int i = 0; i < names.size(); i++) {
            all.put(names.get(i), values.get(i));
        }
        return new GoInvocation(System.getProperty("user.dir", ""), List.of("go", SAVED), all);
    }

    /** The one that had started this process, and is gone. */
    public static GoInvocation ofGone(Map<String, String> environment) {
        return new GoInvocation(System.getProperty("user.dir", ""), List.of(), environment);
    }

    /** The value of a variable, or the empty text. */
    String variable(String name) {
        String value = environment.get(name);
        return value == null ? "" : value;
    }
}
