package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Waiting;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One developer's machine: the real Go command with a cache directory of its own, and what it asks for builds. */
public final class GoClient {

    public static final Duration LIMIT = Duration.ofMinutes(5);

    /** Misses of a build whose packages are all cached: the Go command asks for the linked program, but never puts it. */
    public static final long LINK_MISSES = 1;

    /** Programs without debug information are linked in half the time. */
    public static final String FLAGS = "-trimpath -buildvcs=false -ldflags=-w";

    /** Options for tests of what comes and goes: on a busy machine, too, no build goes on without what the service has. */
    public static final List<String> PATIENT =
            List.of("--request-timeout=2m", "--time-budget=0", "--drain-timeout=2m");

    private static final String QUIET = "CACHESERVER_QUIET";

    private final Map<String, String> environment = new HashMap<>();
    private final Path go = Program.GO.path();

    private GoClient(Map<String, String> environment) {
        this.environment.putAll(environment);
    }

    private GoClient(Path nativeCache) {
        environment.put("GOCACHE", nativeCache.toString());
        environment.put("GOENV", "off");
        environment.put("GOMODCACHE", Program.goEnv("GOMODCACHE"));
        environment.put("GOPROXY", "off");
        environment.put("GOTOOLCHAIN", "local");
        environment.put("GOFLAGS", FLAGS);
        environment.put("CGO_ENABLED", "0");
        environment.put("CACHESERVER_RESIDENT", "off");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    /** Go as it is without any helper. */
    public static GoClient withNativeCache(Path directory) {
        return new GoClient(directory);
    }

    /**
     * Go with the adapter, which has {@code directory} as its own, and says what goes wrong though no person watches.
     *
     * @param options further ones of the adapter
     */
    public static GoClient withAdapter(String url, Path directory, String... options) {
        GoClient client =
                new GoClient(directory.resolveSibling(directory.getFileName() + "-unused"));
        client.environment.put(
                "GOCACHEPROG",
                "%s --server=%s --cache-dir=%s %s"
                        .formatted(launcher(), url, directory, String.join(" ", options))
                        .strip());
        client.environment.put(QUIET, "false");
        return client;
    }

    /** Go with the adapter, configured by environment alone, in the native cache's directory. */
    public static GoClient withAdapterOnNativeCache(String url, Path nativeCache) {
        GoClient client = new GoClient(nativeCache);
        client.environment.put("GOCACHEPROG", launcher());
        client.environment.put("CACHESERVER_URL", url);
        client.environment.put(QUIET, "false");
        return client;
    }

    /**
     * Go with bradfitz's go-cacher.
     *
     * @param options further ones of go-cacher
     */
    public static GoClient withGoCacher(String url, Path directory, String... options) {
        GoClient client =
                new GoClient(directory.resolveSibling(directory.getFileName() + "-unused"));
        client.environment.put(
                "GOCACHEPROG",
                "%s --cache-dir=%s --cache-server=%s %s"
                        .formatted(
                                Program.GO_CACHER.path(), directory, url, String.join(" ", options))
                        .strip());
        return client;
    }

    /** The same machine with an adapter that is as it is if nobody says how much it may say. */
    public GoClient asQuietAsByDefault() {
        return with(QUIET, "");
    }

    /** The same machine with one more variable in Go's environment. */
    public GoClient with(String variable, String value) {
        return with(Map.of(variable, value));
    }

    /** The same machine with more variables in Go's environment. */
    public GoClient with(Map<String, String> variables) {
        GoClient changed = new GoClient(environment);
        changed.environment.putAll(variables);
        return changed;
    }

    /** Its settings, for scripts that run Go. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** Runs {@code go <arguments>} in a directory, however that ends. */
    public GoOutcome outcome(Path directory, String... arguments) {
        long start = System.nanoTime();
        try (ChildProcess process = start(directory, arguments)) {
            int exitCode = process.awaitExit(LIMIT);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            awaitAdapters();
            return new GoOutcome(exitCode, new GoResult(process.stdout(), process.stderr()), took);
        }
    }

    /** Runs {@code go <arguments>} in a module; it must succeed. */
    public GoResult run(TestModule module, String... arguments) {
        try (ChildProcess process = start(module.directory(), arguments)) {
            GoResult result = GoResult.of(process);
            awaitAdapters();
            return result;
        }
    }

    /** Builds the module's program, with all commands printed. */
    public GoResult build(TestModule module, Path binary) {
        return run(module, buildArguments(binary));
    }

    public ChildProcess startBuild(TestModule module, Path binary) {
        return start(module.directory(), buildArguments(binary));
    }

    public ChildProcess start(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(go.toString()));
        command.addAll(List.of(arguments));
        return ChildProcess.start(directory, environment, command);
    }

    /** Adapters end a moment after their build, and may write to their directory until then. */
    private void awaitAdapters() {
        if ("off".equals(environment.get("CACHESERVER_RESIDENT"))) {
            String cache = "GOCACHE=" + environment.get("GOCACHE");
            Waiting.await().until(() -> ChildProcess.orphans("java", cache).isEmpty());
        }
    }

    private static String[] buildArguments(Path binary) {
        assertThat(binary).as("a binary that is up to date would not be built").doesNotExist();
        return new String[] {"build", "-x", "-o", binary.toString(), "."};
    }

    private static String launcher() {
        String launcher = Objects.requireNonNull(System.getProperty("adapter.launcher"));
        assertThat(Path.of(launcher)).isExecutable();
        return launcher;
    }

    /** Downloads what a module requires, with the user's own settings of Go; whether that went well. */
    public static boolean download(TestModule module) {
        List<String> command = List.of(Program.GO.path().toString(), "mod", "tidy");
        Map<String, String> settings =
                Map.of("GOPROXY", Program.goEnv("GOPROXY"), "GOTOOLCHAIN", "local");
        try (ChildProcess process = ChildProcess.start(module.directory(), settings, command)) {
            return process.awaitExit() == 0 && Files.exists(module.directory().resolve("go.sum"));
        }
    }
}
