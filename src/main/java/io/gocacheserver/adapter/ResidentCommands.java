package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.ResidentOptions;
import io.gocacheserver.adapter.resident.CiJob;
import io.gocacheserver.adapter.resident.Control;
import io.gocacheserver.adapter.resident.Resident;
import io.gocacheserver.adapter.resident.SocketFiles;
import io.gocacheserver.adapter.resident.WorkReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The commands around the resident process: {@code serve}, {@code stop}, {@code ci start} and {@code ci stop}. */
final class ResidentCommands {

    private static final Duration STOP_DRAIN = Duration.ofSeconds(60);

    private final String version;
    private final Map<String, String> environment;
    private final PrintStream err;

    ResidentCommands(String version, Map<String, String> environment, PrintStream err) {
        this.version = version;
        this.environment = environment;
        this.err = err;
    }

    /**
     * Carries out one of these commands; the exit code.
     *
     * @param args as on the command line
     */
    int run(Invocation invocation, String[] args) {
        try {
            if (invocation instanceof Invocation.Serve serve) {
                return serve(serve.options(), serve.session());
            }
            if (invocation instanceof Invocation.Stop stop) {
                return stop(files(stop.options()), stop.options());
            }
            CiJob job = new CiJob(environment, System.out, err);
            if (invocation instanceof Invocation.CiStart start) {
                if (start.stableTimes()) {
                    StableTimesCommand.run("", err);
                }
                List<String> modules =
                        GoModules.variables(start.session(), args, environment, version, err);
                job.start(start.options(), start.session().credential(), args, modules);
                return 0;
            }
            if (invocation instanceof Invocation.CiStop stop) {
                job.stop(stop.options().socket(), drainTimeout(stop.options()));
                return 0;
            }
            throw new IOException("this command is not there yet");
        } catch (IOException e) {
            say(e.getMessage() == null ? e.toString() : e.getMessage());
            return 1;
        }
    }

    private int serve(ResidentOptions options, @Nullable Options session) throws IOException {
        SharedSessions sessions = new SharedSessions(version, err);
        new Resident(files(options), options, session, version, sessions, err).run(environment);
        return 0;
    }

    private int stop(SocketFiles files, ResidentOptions options) {
        try {
            WorkReport report = Control.stop(files, drainTimeout(options));
            report.done().lines().forEach(this::say);
            report.failed().lines().forEach(this::say);
            return 0;
        } catch (IOException e) {
            say("no resident process to stop at " + files.socket() + ": " + e.getMessage());
            return 1;
        }
    }

    private static Duration drainTimeout(ResidentOptions options) {
        Duration given = options.drainTimeout();
        return given == null ? STOP_DRAIN : given;
    }

    private SocketFiles files(ResidentOptions options) throws IOException {
        return SocketFiles.of(options.socket(), environment);
    }

    private void say(@Nullable String message) {
        err.println("go-cache-adapter: " + message);
    }
}
