package io.gocacheserver.profile;

import io.gocacheserver.wire.BuildVariables;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a client says of a build, as it is: what follows from it is decided here ({@link ProfileKeys}). All may be absent.
 *
 * @param module the main module's path
 * @param root directory of the module or workspace
 * @param directory where the command runs
 * @param command the command line, as far as it decides what is compiled
 * @param variables those of {@link BuildVariables} that are set, from {@code go env} and from the CI service
 * @param origin URL that the checkout was cloned from
 * @param branch that is checked out
 * @param defaultBranch of the repository
 * @param profile what the user says to tell builds apart that look the same
 */
public record BuildFacts(
        String module,
        String root,
        String directory,
        List<String> command,
        Map<String, String> variables,
        String origin,
        String branch,
        String defaultBranch,
        String profile) {

    public BuildFacts {
        module = orEmpty(module);
        root = orEmpty(root);
        directory = orEmpty(directory);
        command = command == null ? List.of() : command.stream().map(BuildFacts::orEmpty).toList();
        variables = new HashMap<>(variables == null ? Map.of() : variables);
        variables.replaceAll((_, value) -> orEmpty(value));
        origin = orEmpty(origin);
        branch = orEmpty(branch);
        defaultBranch = orEmpty(defaultBranch);
        profile = orEmpty(profile);
    }

    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
