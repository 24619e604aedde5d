package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/** What a Go command printed that has ended well. */
public record GoResult(String stdout, String stderr) {

    /** The tools that make a package, as {@code go build -x} prints their calls. The linker is not among them. */
    private static final Pattern COMPILE = Pattern.compile("/(asm|cgo|compile|cover|pack|vet) ");

    private static final String ADAPTER_LINE = "go-cache-adapter: ";

    public static GoResult of(ChildProcess process) {
        int exitCode = process.awaitExit(GoClient.LIMIT);
        GoResult result = new GoResult(process.stdout(), process.stderr());
        assertThat(exitCode).as("exit code; stderr: %s", result.stderr()).isZero();
        return result;
    }

    /** The calls of the compiler and its like in the output of {@code go build -x}. */
    public List<String> compiles() {
        return stderr.lines().filter(line -> COMPILE.matcher(line).find()).toList();
    }

    /** What the adapter itself had to say. */
    public List<String> adapterLines() {
        return stderr.lines().filter(line -> line.startsWith(ADAPTER_LINE)).toList();
    }
}
