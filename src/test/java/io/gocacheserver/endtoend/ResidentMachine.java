package io.gocacheserver.endtoend;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A machine on which a resident process serves Go commands: its socket and its cache are in a directory of the test. */
public final class ResidentMachine implements AutoCloseable {

    private final Path directory;
    private final List<ChildProcess> started = new ArrayList<>();

    public ResidentMachine(Path directory) {
        this.directory = directory;
    }

    public static Path launcher() {
        return Path.of(Objects.requireNonNull(System.getProperty("adapter.launcher")));
    }

    /** The socket for those who speak the bare protocol. */
    public Path socket() {
        return directory.resolve("run/socket");
    }

    /** The socket for launchers. */
    public Path launchSocket() {
        return directory.resolve("run/socket.launch");
    }

    /** Where the sockets and the session files of launchers are. */
    public Path runDirectory() {
        return directory.resolve("run");
    }

    public Path cache() {
        return directory.resolve("cache");
    }

    /** Settings for whatever runs there. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("GOCACHE", directory.resolve("unused").toString());
        environment.put("CACHESERVER_CACHEDIR", cache().toString());
        environment.put("CACHESERVER_SOCKET", socket().toString());
        environment.put("CACHESERVER_RESIDENT", "use");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return environment;
    }

    /** Go there, with the adapter, on the cache directory {@link #cache}. */
    public GoClient go(String url, String... options) {
        return go(launcher(), url, options);
    }

    /** Go there, with an adapter that lies elsewhere. */
    public GoClient go(Path launcher, String url, String... options) {
        return GoClient.withAdapter(url, cache(), options)
                .with(
                        "GOCACHEPROG",
                        "%s --server=%s %s".formatted(launcher, url, String.join(" ", options)))
                .with(environment());
    }

    /** Starts the process and waits until launchers can connect. */
    public ChildProcess serve(String... flags) {
        return serve(Map.of(), flags);
    }

    /** Starts the process with these variables too, and waits until launchers can connect. */
    public ChildProcess serve(Map<String, String> variables, String... flags) {
        List<String> command = new ArrayList<>(List.of(launcher().toString(), "serve"));
        command.addAll(List.of(flags));
        Map<String, String> environment = environment();
        environment.putAll(variables);
        ChildProcess resident = run(environment, command.toArray(String[]::new));
        awaitServing(resident);
        return resident;
    }

    /** Waits until the process says that it serves, or ends. */
    public static void awaitServing(ChildProcess resident) {
        await().until(() -> resident.stderr().contains(" serves at ") || !resident.isRunning());
    }

    /** Ends the process; what it says it did. */
    public String stop() {
        ChildProcess stop = start("stop");
        assertThat(stop.awaitExit()).as("exit code; %s", stop.stderr()).isZero();
        return stop.stderr();
    }

    /** Runs the launcher. */
    public ChildProcess start(String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(List.of(arguments));
        return run(environment(), command.toArray(String[]::new));
    }

    /** Runs any program, in the directory. */
    public ChildProcess run(Map<String, String> environment, String... command) {
        ChildProcess process = ChildProcess.start(directory, environment, List.of(command));
        started.add(process);
        return process;
    }

    /** Whether a session file is left that nobody has removed. */
    public boolean hasSessionFiles() {
        String[] files = runDirectory().toFile().list((folder, name) -> name.endsWith(".session"));
        return files != null && files.length > 0;
    }

    /** Whether launchers can connect. */
    public boolean isServing() {
        return Files.exists(directory.resolve("run/socket.connect"));
    }

    @Override
    public void close() {
        started.forEach(ChildProcess::close);
    }
}
