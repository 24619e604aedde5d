package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.testsupport.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A job that uses the action, with what GitHub's runner does for it: files by which steps tell it something. */
final class GitHubJob implements AutoCloseable {

    private static final Path ACTION = Path.of("action").toAbsolutePath();

    private final Path directory;
    private final Map<String, String> environment;
    private final List<ChildProcess> started = new ArrayList<>();

    /** @param environment what the workflow sets for all steps */
    GitHubJob(Path directory, Map<String, String> environment) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.environment = new HashMap<>(environment);
        this.environment.put("CI", "true");
        this.environment.put("GITHUB_ACTIONS", "true");
        for (String variable : List.of("HOME", "RUNNER_TEMP", "RUNNER_TOOL_CACHE")) {
            this.environment.put(
                    variable, Files.createDirectory(directory.resolve(variable)).toString());
        }
        for (String variable :
                List.of("GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")) {
            this.environment.put(variable, Files.createFile(file(variable)).toString());
        }
    }

    /** The action's main script with these inputs, to its end. */
    ChildProcess main(Map<String, String> inputs) throws IOException {
        Map<String, String> variables = new HashMap<>();
        inputs.forEach(
                (name, value) -> variables.put("INPUT_" + name.toUpperCase(Locale.ROOT), value));
        return run(variables, Program.NODE.path().toString(), ACTION.resolve("main.js").toString());
    }

    /** The action's post script, to its end. */
    ChildProcess post() throws IOException {
        Map<String, String> state = new HashMap<>();
        for (String line : Files.readAllLines(file("GITHUB_STATE"))) {
            state.put("STATE_" + line.split("=", 2)[0], line.split("=", 2)[1]);
        }
        return run(state, Program.NODE.path().toString(), ACTION.resolve("post.js").toString());
    }

    /** A step with {@code run:}, to its end. */
    ChildProcess step(String script) throws IOException {
        return run(Map.of(), "/bin/sh", "-e", "-c", script);
    }

    String summary() throws IOException {
        return Files.readString(file("GITHUB_STEP_SUMMARY"));
    }

    /** What steps have set for the later ones. */
    List<String> variables() throws IOException {
        return Files.readAllLines(file("GITHUB_ENV"));
    }

    @Override
    public void close() {
        started.forEach(ChildProcess::close);
    }

    private ChildProcess run(Map<String, String> variables, String... command) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        for (String line : variables()) {
            all.put(line.split("=", 2)[0], line.split("=", 2)[1]);
        }
        List<String> path = new ArrayList<>(Files.readAllLines(file("GITHUB_PATH")).reversed());
        path.add(System.getenv("PATH"));
        all.put("PATH", String.join(":", path));
        all.putAll(variables);
        ChildProcess process = ChildProcess.start(directory, all, List.of(command));
        started.add(process);
        assertThat(process.awaitExit(GoClient.LIMIT)).as(process.stderr()).isZero();
        return process;
    }

    private Path file(String variable) {
        return directory.resolve(variable + ".txt");
    }
}
