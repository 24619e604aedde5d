package io.gocacheserver.adapter;

import io.gocacheserver.adapter.checkout.StableTimes;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.Setting;
import io.gocacheserver.adapter.report.SentBuilds;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** All that people and jobs ask of the adapter; a session is the Go command's. */
final class Commands {

    private static final Duration STOP_DRAIN = Duration.ofSeconds(60);

    private final String version;
    private final Map<String, String> environment;
    private final PrintStream err = System.err;

    Commands(String version, Map<String, String> environment) {
        this.version = version;
        this.environment = environment;
    }

    /** Carries out a command; whether all went well. An exception says why it could not be. */
    boolean run(Invocation invocation) throws IOException {
        Options.Resident resident = invocation.resident();
        Duration drain = Objects.requireNonNullElse(resident.drainTimeout(), STOP_DRAIN);
        CiJob job = new CiJob(environment, System.out, err);
        switch (invocation.command()) {
            case SESSION -> throw new IllegalArgumentException("a session is no command");
            case SERVE ->
                    new Resident(
                                    SocketFiles.of(resident.socket(), environment),
                                    resident,
                                    invocation.options(),
                                    version,
                                    new SharedSessions(version),
                                    err)
                            .run(environment);
            case STOP -> {
                return stop(SocketFiles.of(resident.socket(), environment), drain);
            }
            case CI_START -> {
                if (invocation.stableTimes()) {
                    setTimes(""); // a job goes on without
                }
                job.start(
                        resident,
                        invocation.session().credential(),
                        invocation.sessionFlags(),
                        new GoModules(invocation.session(), environment, version)
                                .variables(invocation.sessionFlags(), err));
            }
            case CI_STOP -> job.stop(resident.socket(), drain);
            case DOCTOR -> {
                return new Doctor(
                                invocation.session(),
                                resident,
                                environment,
                                new Doctor.Findings(System.out))
                        .examine(version, Setting.describeUnknown(environment));
            }
            case RESTORE, SAVE -> {
                return new DirectoryCommands(invocation.session(), version, environment, err)
                        .run(invocation.command() == Invocation.Command.SAVE);
            }
            case EXPLAIN -> {
                return explain(invocation.session(), invocation.operand());
            }
            case GOAUTH ->
                    print(
                            new GoModules(invocation.session(), environment, version)
                                    .authorization());
            case STABLE_TIMES -> {
                return setTimes(invocation.operand());
            }
            case HELP -> print(Setting.help());
            case VERSION -> print("go-cache-adapter " + version + '\n');
        }
        return true;
    }

    private static void print(String text) {
        System.out.print(text);
        System.out.flush();
    }

    private boolean stop(SocketFiles files, Duration timeout) {
        try {
            LaunchServer.stop(files, timeout).lines().lines().forEach(this::say);
            return true;
        } catch (IOException e) {
            return say("no resident process to stop at " + files.socket() + ": " + e.getMessage());
        }
    }

    /** Prints why packages of a build missed, by its number or of the last one here; whether the service knows it. */
    private boolean explain(Options options, String build) {
        Long id;
        try {
            id =
                    build.isEmpty()
                            ? new SentBuilds(options.cacheDir(), InstantSource.system()).last()
                            : Long.valueOf(build);
        } catch (NumberFormatException e) {
            return say("a build is a number, not " + build);
        }
        if (id == null) {
            return say(
                    "no build with "
                            + options.cacheDir()
                            + " has been reported; builds that need nothing from the service are not");
        }
        try (Backend backend = new Backend(options, version)) {
            String text = backend.builds().explain(id);
            if (text == null) {
                return say(options.server() + " knows no build " + id + ", or does not show it");
            }
            print(text);
            return true;
        } catch (IOException e) {
            return say(options.server() + " does not answer: " + e.getMessage());
        }
    }

    /** Sets the times of the checkout that a directory lies in, and says what came of it; whether all went well. */
    private boolean setTimes(String directory) {
        long start = System.nanoTime();
        StableTimes times = new StableTimes(InstantSource.system());
        try {
            int count = times.set(Path.of(directory));
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            say("stable times: " + count + " files and folders, in " + millis + " ms");
            return times.problem() == null || say("stable times: " + times.problem());
        } catch (IOException e) {
            return say("stable times: not set: " + e.getMessage());
        }
    }

    /** False: most of what is said is why something failed. */
    private boolean say(String message) {
        err.println("go-cache-adapter: " + message);
        return false;
    }
}
