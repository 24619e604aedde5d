package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.CacheDirectory;
import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Help;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.ResidentOptions;
import io.gocacheserver.adapter.cli.UnknownVariables;
import io.gocacheserver.adapter.cli.UsageException;
import io.gocacheserver.adapter.doctor.BuildCommand;
import io.gocacheserver.adapter.doctor.Doctor;
import io.gocacheserver.adapter.protocol.ProtocolException;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Entry point of the adapter: {@code go-cache-adapter --server URL}, started by the Go command. */
final class Main {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        PrintStream err = System.err;
        try {
            CacheDirectory directory =
                    new CacheDirectory(System.getenv(), System.getProperty("os.name"));
            // No switch over types in this program: its first run costs some 5 ms, and each is run
            // once or twice.
            BuildCommand builds =
                    BuildCommand.isDoctor(args) ? BuildCommand.find(System.getenv()) : null;
            Invocation invocation =
                    builds == null
                            ? CommandLine.parse(args, System.getenv(), directory)
                            : builds.parse(args, System.getenv(), directory);
            if (builds != null
                    && invocation
                            instanceof
                            Invocation.Doctor(Options options, ResidentOptions resident)) {
                return examine(builds, options, resident, directory);
            }
            if (invocation instanceof Invocation.Session(Options options)) {
                // Not System.in and System.out: their buffers and locks are of no use here.
                OneShot.serve(
                        options,
                        version(),
                        new FileInputStream(FileDescriptor.in),
                        new FileOutputStream(FileDescriptor.out),
                        err);
                return OK;
            }
            if (invocation instanceof Invocation.Restore(Options options)) {
                return new DirectoryCommands(options, version(), System.getenv(), err).restore();
            }
            if (invocation instanceof Invocation.Save(Options options)) {
                return new DirectoryCommands(options, version(), System.getenv(), err).save();
            }
            if (invocation instanceof Invocation.StableTimes(String checkout)) {
                return StableTimesCommand.run(checkout, err) ? OK : FAILED;
            }
            if (invocation instanceof Invocation.Explain(Options options, String build)) {
                return new ExplainCommand(options, version(), System.out, err).run(build)
                        ? OK
                        : FAILED;
            }
            boolean help = invocation instanceof Invocation.Help;
            if (!help && !(invocation instanceof Invocation.Version)) {
                return new ResidentCommands(version(), System.getenv(), err).run(invocation, args);
            }
            return print(help ? Help.text() : "go-cache-adapter " + version() + '\n');
        } catch (UsageException e) {
            err.println("go-cache-adapter: " + e.getMessage());
            err.println("go-cache-adapter: see go-cache-adapter --help");
            return USAGE;
        } catch (UnusableDirectoryException | ProtocolException e) {
            err.println("go-cache-adapter: " + e.getMessage());
            return FAILED;
        }
    }

    private static int examine(
            BuildCommand builds,
            Options options,
            ResidentOptions resident,
            CacheDirectory directory) {
        Map<String, String> environment = System.getenv();
        List<String> remarks = new ArrayList<>(UnknownVariables.describe(environment));
        String other = builds.otherServer(options.server(), environment, directory);
        if (other != null) {
            remarks.add(other);
        }
        Doctor doctor = new Doctor(options, resident, environment, remarks);
        return doctor.examine(System.out, version()) ? OK : FAILED;
    }

    private static int print(String text) {
        System.out.print(text);
        System.out.flush();
        return OK;
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
