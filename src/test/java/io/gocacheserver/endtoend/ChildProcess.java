package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gocacheserver.testsupport.Waiting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A program that a test started, with what it prints. Closing it ends it and all that it started. */
public final class ChildProcess implements AutoCloseable {

    /** What a developer may have set for himself, and what would make the tests mean something else. */
    private static final List<String> HIDDEN =
            List.of(
                    "CACHESERVER_",
                    "CACHE_SERVER_",
                    "SPRING_",
                    "MANAGEMENT_",
                    "SERVER_",
                    "AWS_",
                    "CI",
                    "GITHUB_",
                    "GITLAB_",
                    "GO");

    private static final List<String> HIDDEN_JAVA_OPTIONS =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private ChildProcess(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * Starts a program.
     *
     * @param environment set on top of the inherited one, from which settings of Go and of the cache are left out
     */
    public static ChildProcess start(
            Path directory, Map<String, String> environment, List<String> command) {
        try {
            Path stdout = Files.createTempFile("end-to-end-", ".stdout");
            Path stderr = Files.createTempFile("end-to-end-", ".stderr");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(stdout.toFile())
                            .redirectError(stderr.toFile());
            builder.environment().keySet().removeIf(ChildProcess::isHidden);
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start(), stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("start " + command, e);
        }
    }

    /**
     * Processes that have outlived the one that started them; empty where there is no {@code /proc}.
     *
     * @param program the name of their executable
     * @param variable {@code NAME=value} in their environment, and in that of what started them
     */
    public static List<ProcessHandle> orphans(String program, String variable) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/" + program))
                .filter(process -> hasVariable(process, variable))
                .filter(process -> process.parent().filter(p -> hasVariable(p, variable)).isEmpty())
                .toList();
    }

    private static boolean hasVariable(ProcessHandle process, String variable) {
        try {
            String all =
                    Files.readString(
                            Path.of("/proc/%d/environ".formatted(process.pid())), ISO_8859_1);
            return List.of(all.split("\0")).contains(variable);
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** Waits for its end. */
    public int awaitExit() {
        return awaitExit(Waiting.LIMIT);
    }

    /** Waits for its end, which must come within {@code limit}. */
    public int awaitExit(Duration limit) {
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as("%s ends within %s; its stderr: %s", process, limit, stderr())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + process, e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** All processes that it has started, and those that they have started. */
    public List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    public String stdout() {
        return read(stdout);
    }

    public String stderr() {
        return read(stderr);
    }

    @Override
    public void close() {
        Consumer<ProcessHandle> end = ProcessHandle::destroyForcibly;
        process.descendants().forEach(end);
        kill();
        try {
            Files.deleteIfExists(stdout);
            Files.deleteIfExists(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isHidden(String variable) {
        return HIDDEN_JAVA_OPTIONS.contains(variable)
                || HIDDEN.stream().anyMatch(variable::startsWith);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
