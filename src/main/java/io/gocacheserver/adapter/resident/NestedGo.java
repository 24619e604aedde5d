package io.gocacheserver.adapter.resident;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** Tells Go commands that another one has started: {@code go generate} starts {@code go run}, and tests start builds. */
public final class NestedGo {

    private NestedGo() {}

    /**
     * Whether the Go command of a launcher runs within another one, which speaks for both.
     *
     * @param launcher its process, or the one that it has become
     */
    public static boolean isNested(long launcher) {
        int found = 0;
        ProcessHandle process = ProcessHandle.of(launcher).orElse(null);
        while (process != null && found < 2) {
            found += isGo(process.info().command().orElse(null)) ? 1 : 0;
            process = process.parent().orElse(null);
        }
        return found > 1;
    }

    private static boolean isGo(@Nullable String program) {
        return program != null && Path.of(program).endsWith("go");
    }
}
