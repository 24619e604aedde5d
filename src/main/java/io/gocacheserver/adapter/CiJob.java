package io.gocacheserver.adapter;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.auth.Credential.Token;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.system.ChildProcess;

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

/** A resident process for one CI job. Lines that a shell evaluates go to {@code out}, if there is no {@code GITHUB_ENV}. */
record CiJob(Map<String, String> environment, PrintStream out, PrintStream err) {

    private static final Duration START_LIMIT = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 20;
    private static final int LOG_TAIL_LINES = 10;

    private static final String TITLE = "Go build cache";
    private static final String YELLOW = "\033[0;33m";
    private static final String PLAIN = "\033[0;m";

    /**
     * Starts a process, waits until it answers, and says how to use it. A token is handed to it by environment, and never written
     * anywhere; for the rest, the process finds what it needs as its sessions do.
     *
     * @param flags that the job's {@code go} commands are to have too
     * @param more further variables for the job, names and values by turns
     */
    void start(
            Options.Resident options,
            @Nullable Credential credential,
            List<String> flags,
            List<String> more)
            throws IOException {
        Token token = credential instanceof Token given ? given : null;
        String launcher = launcher();
        StringBuilder program = new StringBuilder(goWord(launcher));
        for (String flag : flags) {
            program.append(' ').append(goWord(flag));
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
     * Ends the process that {@code ci start} has published, and sums up the job. That there is none, or that it has died, is no error:
     * a cache must not break a job.
     */
    void stop(@Nullable String socket, Duration timeout) throws IOException {
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
        try {
            LaunchServer.WorkReport report = LaunchServer.stop(files, timeout);
            report.done().lines().forEach(this::say);
            if (!report.failed().isEmpty()) {
                warn(report.failed());
            }
            summarize(report.lines());
            Files.deleteIfExists(files.log());
        } catch (IOException e) {
            String death = "the resident process at " + socket + " has died: " + e.getMessage();
            warn(death);
            summarize(death);
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
        File setsid = ChildProcess.find("setsid", environment);
        if (setsid != null) {
            command.add(setsid.getPath());
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
        while (!LaunchServer.isRunning(files) || !Files.exists(files.connect())) {
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
            text.append(gitHub.isEmpty() ? Resident.quote(value) : value).append('\n');
        }
        if (gitHub.isEmpty()) {
            out.print(text);
            out.flush();
        } else {
            append(gitHub, text.toString());
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

    /** A failure: an annotation at GitHub; elsewhere a line, at GitLab in the colour of the runner's own warnings. */
    void warn(String message) {
        if (isTrue("GITHUB_ACTIONS")) {
            // As the runner decodes a command's text.
            String escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
            out.println("::warning title=" + TITLE + "::" + escaped);
            out.flush();
        } else {
            String line = "go-cache-adapter: " + message;
            err.println(isTrue("GITLAB_CI") ? YELLOW + "WARNING: " + line + PLAIN : line);
        }
    }

    private boolean isTrue(String variable) {
        return environment.getOrDefault(variable, "").equals("true");
    }

    /** Adds lines to the job's summary, which is GitHub's alone. */
    void summarize(String lines) {
        String file = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
        if (file.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("\n**" + TITLE + "**\n");
        for (String line : lines.split("\n")) {
            text.append("- ").append(line.replaceAll("[\\\\`*_<|]", "\\\\$0")).append('\n');
        }
        try {
            append(file, text.toString());
        } catch (IOException e) {
            err.println("go-cache-adapter: cannot write to the job's summary: " + e.getMessage());
        }
    }

    private static void append(String file, String text) throws IOException {
        Files.writeString(
                Path.of(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The launcher's file name, which it has set itself. */
    static String launcher() throws IOException {
        String launcher = System.getProperty("go-cache-adapter.launcher");
        if (launcher == null) {
            throw new IOException("ci start must be run by the launcher, bin/go-cache-adapter");
        }
        return Path.of(launcher).toAbsolutePath().normalize().toString();
    }

    /**
     * Text that the Go command takes for just this word of {@code GOCACHEPROG}. It splits that at blanks, tabs and line ends; a
     * word that begins with a quotation mark goes on to the next such mark. There are no escapes (cmd/internal/quoted). Fails if
     * there is no such text.
     */
    static String goWord(String word) throws IOException {
        if (word.matches("[^\\s'\"]\\S*")) {
            return word;
        }
        for (char mark : new char[] {'\'', '"'}) {
            if (word.indexOf(mark) < 0 && word.indexOf('\n') < 0 && word.indexOf('\r') < 0) {
                return mark + word + mark;
            }
        }
        throw new IOException(
                "line breaks, and blanks with both kinds of quotation marks, cannot be in one word of GOCACHEPROG: "
                        + word);
    }
}
