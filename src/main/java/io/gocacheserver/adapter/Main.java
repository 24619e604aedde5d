package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.Invocation.Command;
import io.gocacheserver.adapter.cli.UsageException;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
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
        Map<String, String> environment = System.getenv();
        try {
            Invocation invocation =
                    args.length > 0 && args[0].equals("doctor")
                            ? Doctor.parse(args, environment)
                            : CommandLine.parse(args, environment);
            if (invocation.command() == Command.SESSION) {
                // Not System.in and System.out: their buffers and locks are of no use here.
                OneShot.serve(
                        invocation.session(),
                        version(),
                        new FileInputStream(FileDescriptor.in),
                        new FileOutputStream(FileDescriptor.out),
                        System.err);
                return OK;
            }
            return new Commands(version(), environment).run(invocation) ? OK : FAILED;
        } catch (UsageException e) {
            say(e.getMessage());
            say("see go-cache-adapter --help");
            return USAGE;
        } catch (IOException e) {
            say(e.getMessage() == null ? e.toString() : e.getMessage());
            return FAILED;
        }
    }

    private static void say(@Nullable String message) {
        System.err.println("go-cache-adapter: " + message);
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
