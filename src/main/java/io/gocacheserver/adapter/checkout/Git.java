package io.gocacheserver.adapter.checkout;

import io.gocacheserver.adapter.system.ChildProcess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code git} on {@code PATH}, in one directory.
 *
 * @param submodule whether that is one, and so of another repository than the environment may name
 */
record Git(Path directory, boolean submodule) {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> OF_A_REPOSITORY =
            List.of(
                    "GIT_DIR",
                    "GIT_WORK_TREE",
                    "GIT_INDEX_FILE",
                    "GIT_PREFIX",
                    "GIT_COMMON_DIR",
                    "GIT_OBJECT_DIRECTORY");

    /** Runs it; what it prints, a byte a char. An exception says why it failed. */
    String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder program = new ProcessBuilder(command).directory(directory.toFile());
        // Has 'git status' keep what it finds out, so that the next one is fast.
        program.environment().put("GIT_OPTIONAL_LOCKS", "1");
        if (submodule) {
            OF_A_REPOSITORY.forEach(program.environment()::remove);
        }
        ChildProcess git = ChildProcess.run(program, StandardCharsets.ISO_8859_1, LIMIT);
        if (git.exit() != 0) {
            throw new IOException(
                    "git " + arguments[0] + ": " + git.err().strip().split("\n", 2)[0]);
        }
        return git.out();
    }
}
