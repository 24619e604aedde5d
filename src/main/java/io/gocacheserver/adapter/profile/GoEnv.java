package io.gocacheserver.adapter.profile;

import io.gocacheserver.adapter.system.ChildProcess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The environment that the {@code go} on {@code PATH} reports, with {@code go env -w} and {@code go.mod} taken into account. */
public final class GoEnv {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private GoEnv() {}

    /** The values of these variables, in this order; null if it cannot be asked. Blocks for some seconds at most. */
    public static @Nullable List<String> ask(List<String> names) {
        List<String> command = new ArrayList<>(List.of("go", "env"));
        command.addAll(names);
        try {
            ChildProcess go =
                    ChildProcess.run(new ProcessBuilder(command), StandardCharsets.UTF_8, LIMIT);
            List<String> lines = go.out().lines().toList();
            return go.exit() == 0 && lines.size() >= names.size() ? lines : null;
        } catch (IOException e) {
            return null;
        }
    }
}
