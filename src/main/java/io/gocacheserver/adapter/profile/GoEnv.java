package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The environment that the {@code go} on {@code PATH} reports, with {@code go env -w} and {@code go.mod} taken into account. */
public final class GoEnv {

    private static final long LIMIT_SECONDS = 10;

    private GoEnv() {}

    /** The values of these variables, in this order; null if it cannot be asked. Blocks for some seconds at most. */
    public static @Nullable List<String> ask(List<String> names) {
        Path answer = null;
        try {
            // To a file, so that a 'go' that hangs cannot hang us.
            answer = Files.createTempFile("go-cache-adapter-", ".goenv");
            String[] command = new String[names.size() + 2];
            command[0] = "go";
            command[1] = "env";
            for (int i = 0; i < names.size(); i++) {
                command[i + 2] = names.get(i);
            }
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(answer.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            List<String> lines = Files.readAllLines(answer, StandardCharsets.UTF_8);
            return process.exitValue() == 0 && lines.size() >= names.size() ? lines : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            remove(answer);
        }
    }

    private static void remove(@Nullable Path answer) {
        if (answer != null) {
            File file = answer.toFile();
            boolean removed = file.delete();
            assert removed || !file.exists();
        }
    }
}
