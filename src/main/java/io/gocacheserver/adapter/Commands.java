package io.gocacheserver.adapter;

import io.gocacheserver.adapter.checkout.StableTimes;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.Setting;
import io.gocacheserver.adapter.doctor.BuildCommand;
import io.gocacheserver.adapter.doctor.Doctor;
import io.gocacheserver.adapter.resident.CiJob;
import io.gocacheserver.adapter.resident.Control;
import io.gocacheserver.adapter.resident.Resident;
import io.gocacheserver.adapter.resident.SocketFiles;
import io.gocacheserver.adapter.resident.WorkReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Carries out a command; whether all went well.
     *
     * @param builds as {@code doctor} has found it, else null
     * @throws IOException that says why it could not be
     */
    boolean run(Invocation invocation, @Nullable BuildCommand builds) throws IOException {
        Options.Resident resident = invocation.resident();
        switch (invocation.command()) {
            case SESSION -> throw new IllegalArgumentException("a session is no command");
            case SERVE ->
                    new Resident(
                                    SocketFiles.of(resident.socket(), environment),
                                    resident,
                                    invocation.options(),
                                    version,
                                    new SharedSessions(version, err),
                                    err)
                            .run(environment);
            case STOP -> {
                return stop(SocketFiles.of(resident.socket(), environment), drain(resident));
            }
            case CI_START -> {
                if (invocation.stableTimes()) {
                    setTimes(""); // a job goes on without
                }
                job().start(
                                resident,
                                invocation.session().credential(),
                                invocation.sessionFlags(),
                                GoModules.variables(
                                        invocation.session(),
                                        invocation.sessionFlags(),
                                        environment,
                                        version,
                                        err));
            }
            case CI_STOP -> job().stop(resident.socket(), drain(resident));
            case DOCTOR -> {
                return examine(invocation, Objects.requireNonNull(builds));
            }
            case RESTORE, SAVE -> {
                return new DirectoryCommands(invocation.session(), version, environment, err)
                        .run(invocation.command() == Invocation.Command.SAVE);
            }
            case EXPLAIN -> {
                return new ExplainCommand(invocation.session(), version, System.out, err)
                        .run(invocation.operand());
            }
            case GOAUTH -> print(GoModules.authorization(invocation.session()));
            case STABLE_TIMES -> {
                return setTimes(invocation.operand());
            }
            case HELP -> print(Setting.help());
            case VERSION -> print("go-cache-adapter " + version + '\n');
        }
        return true;
    }

    private CiJob job() {
        return new CiJob(environment, System.out, err);
    }

    private static void print(String text) {
        System.out.print(text);
        System.out.flush();
    }

    private boolean stop(SocketFiles files, Duration timeout) {
        try {
            WorkReport report = Control.stop(files, timeout);
            report.done().lines().forEach(this::say);
            report.failed().lines().forEach(this::say);
            return true;
        } catch (IOException e) {
            say("no resident process to stop at " + files.socket() + ": " + e.getMessage());
            return false;
        }
    }

    private static Duration drain(Options.Resident resident) {
        Duration given = resident.drainTimeout();
        return given == null ? STOP_DRAIN : given;
    }

    private boolean examine(Invocation invocation, BuildCommand builds) {
        List<String> remarks = new ArrayList<>(Setting.describeUnknown(environment));
        String other = builds.otherServer(invocation.session().server(), environment);
        if (other != null) {
            remarks.add(other);
        }
        return new Doctor(invocation.session(), invocation.resident(), environment, remarks)
                .examine(System.out, version);
    }

    /** Sets the times of the checkout that a directory lies in, and says what came of it; whether all went well. */
    private boolean setTimes(String directory) {
        long start = System.nanoTime();
        StableTimes times = new StableTimes(InstantSource.system());
        try {
            int count = times.set(Path.of(directory));
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            say("stable times: " + count + " files and folders, in " + millis + " ms");
            if (times.problem() != null) {
                say("stable times: " + times.problem());
            }
            return times.problem() == null;
        } catch (IOException e) {
            say("stable times: not set: " + e.getMessage());
            return false;
        }
    }

    private void say(String message) {
        err.println("go-cache-adapter: " + message);
    }
}
