package io.gocacheserver.adapter.resident;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.auth.Credential.Token;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.profile.GoWords;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A resident process for one CI job: {@code ci start} and {@code ci stop}.
 *
 * @param out for lines that a shell evaluates, if there is no {@code GITHUB_ENV}
 * @param err for everything else
 */
public record CiJob(Map<String, String> environment, PrintStream out, PrintStream err) {

    private static final Duration START_LIMIT = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 20;
    private static final int LOG_TAIL_LINES = 10;

    /** Set by the launcher to its own file name. */
    private static final String LAUNCHER = "go-cache-adapter.launcher";

    /**
     * Starts a process, waits until it answers, and says how to use it.
     *
     * @param credential a token is handed to the process by environment, and never written anywhere; for the rest, the
     *     process finds what it needs as its sessions do
     * @param flags that the job's {@code go} commands are to have too
     * @param more further variables for the job, names and values by turns
     * @throws IOException if it does not start
     */
    public void start(
            Options.Resident options,
            @Nullable Credential credential,
            List<String> flags,
            List<String> more)
            throws IOException {
        Token token = credential instanceof Token given ? given : null;
        String launcher = System.getProperty(LAUNCHER);
        if (launcher == null) {
            throw new IOException("ci start must be run by the launcher, bin/go-cache-adapter");
        }
        launcher = Path.of(launcher).toAbsolutePath().normalize().toString();
        StringBuilder program = new StringBuilder(GoWords.quote(launcher));
        for (String flag : flags) {
            program.append(' ').append(GoWords.quote(flag));
        }
        SocketFiles files =
                options.socket() == null
                        ? new SocketFiles(newDirectory().resolve("socket"))
                        : SocketFiles.of(options.socket(), environment);
        files.prepareDirectory();
        Process process = spawn(launcher, files, flags, options, token);
        await(files, process);
        say("resident process " + process.pid() + " serves at " + files.socket());
        if (token != null && environment.getOrDefault("CACHESERVER_TOKEN", "").isEmpty()) {
            say("the token is with it alone; should it die, set CACHESERVER_TOKEN for others");
        }
        List<String> variables = new ArrayList<>(more);
        variables.addAll(
                List.of(
                        "GOCACHEPROG",
                        program.toString(),
                        "CACHESERVER_SOCKET",
                        files.socket().toString()));
        publish(variables.toArray(String[]::new));
    }

    /**
     * Ends the process and sums up the job. That there is none, or that it has died, is no error: a cache must not break a
     * job.
     *
     * @param socket the process's, as {@code ci start} has published it; null if it has not
     */
    public void stop(@Nullable String socket, Duration timeout) throws IOException {
        if (socket == null) {
            say(
                    "nothing to stop: ci start has not run in this job, or CACHESERVER_SOCKET is unset");
            return;
        }
        SocketFiles files = SocketFiles.of(socket, environment);
        if (Files.notExists(files.log()) && Files.notExists(files.launch())) {
            say("nothing to stop at " + socket + ": the process there was stopped before");
            return;
        }
        CiNotes notes = new CiNotes(environment, out, err);
        try {
            WorkReport report = Control.stop(files, timeout);
            report.done().lines().forEach(this::say);
            if (!report.failed().isEmpty()) {
                notes.warn(report.failed());
            }
            notes.summary(report.markdown());
            Files.deleteIfExists(files.log());
        } catch (IOException e) {
            String death = "the resident process at " + socket + " has died: " + e.getMessage();
            notes.warn(death);
            notes.summary("\n> **Go build cache**: " + death + "\n");
            err.print(logTail(files));
        }
    }

    private Path newDirectory() throws IOException {
        for (String variable : new String[] {"RUNNER_TEMP", "TMPDIR"}) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                return Files.createTempDirectory(Path.of(value).toAbsolutePath(), "gca");
            }
        }
        return Files.createTempDirectory("gca");
    }

    private Process spawn(
            String launcher,
            SocketFiles files,
            List<String> flags,
            Options.Resident options,
            @Nullable Token token)
            throws IOException {
        List<String> command = new ArrayList<>();
        for (String directory : environment.getOrDefault("PATH", "").split(":")) {
            Path setsid = Path.of(directory, "setsid");
            if (command.isEmpty() && Files.isExecutable(setsid)) {
                command.add(setsid.toString());
            }
        }
        command.addAll(List.of(launcher, "serve", "--socket", files.socket().toString()));
        command.addAll(flags);
        command.addAll(List.of("--idle-timeout", options.idleTimeout().toMillis() + "ms"));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(files.log().toFile());
        if (token != null) {
            builder.environment().put("CACHESERVER_TOKEN", token.value());
        }
        return builder.start();
    }

    private void await(SocketFiles files, Process process) throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!Control.isRunning(files)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroy();
                err.print(logTail(files));
                throw new IOException("the resident process did not start; its log is above");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** @param variables names and values by turns */
    private void publish(String... variables) throws IOException {
        String gitHub = environment.getOrDefault("GITHUB_ENV", "");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < variables.length; i += 2) {
            String value = variables[i + 1];
            text.append(gitHub.isEmpty() ? "export " : "").append(variables[i]).append('=');
            text.append(gitHub.isEmpty() ? ConnectTool.quote(value) : value).append('\n');
        }
        if (gitHub.isEmpty()) {
            out.print(text);
            out.flush();
        } else {
            Files.writeString(
                    Path.of(gitHub), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private static String logTail(SocketFiles files) {
        try {
            List<String> lines = Files.readAllLines(files.log());
            int from = Math.max(0, lines.size() - LOG_TAIL_LINES);
            return String.join("\n", lines.subList(from, lines.size())) + '\n';
        } catch (IOException e) {
            return "";
        }
    }

    private void say(String message) {
        err.println("go-cache-adapter: " + message);
    }
}
