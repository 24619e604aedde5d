package io.gocacheserver.adapter.checkout;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@code git} on {@code PATH}, in one directory. */
final class Git {

    private static final long LIMIT_SECONDS = 60;

    /** What names a repository: that of a submodule is another one. */
    private static final List<String> OF_A_REPOSITORY =
            List.of(
                    "GIT_DIR",
                    "GIT_WORK_TREE",
                    "GIT_INDEX_FILE",
                    "GIT_PREFIX",
                    "GIT_COMMON_DIR",
                    "GIT_OBJECT_DIRECTORY");

    private final Path directory;
    private final boolean submodule;

    Git(Path directory, boolean submodule) {
        this.directory = directory;
        this.submodule = submodule;
    }

    /**
     * Runs it; what it prints, a byte a char.
     *
     * @throws IOException that says why it failed
     */
    String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        // To files, so that a 'git' that hangs cannot hang us.
        Path out = Files.createTempFile("go-cache-adapter-", ".git");
        Path err = Files.createTempFile("go-cache-adapter-", ".git");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            prepare(builder.environment());
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("git " + arguments[0] + " took too long");
            }
            if (process.exitValue() != 0) {
                String[] said = read(err).strip().split("\n", 2);
                throw new IOException("git " + arguments[0] + ": " + said[0]);
            }
            return read(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Has {@code git status} keep what it finds out, so that the next one is fast. */
    private void prepare(Map<String, String> environment) {
        environment.put("GIT_OPTIONAL_LOCKS", "1");
        if (submodule) {
            OF_A_REPOSITORY.forEach(environment::remove);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
