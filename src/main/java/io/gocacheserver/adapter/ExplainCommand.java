package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.report.SentBuilds;

import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;

/** {@code explain}: prints what the service says of a build's misses. */
final class ExplainCommand {

    private final Options options;
    private final String version;
    private final PrintStream out;
    private final PrintStream err;

    ExplainCommand(Options options, String version, PrintStream out, PrintStream err) {
        this.options = options;
        this.version = version;
        this.out = out;
        this.err = err;
    }

    /**
     * Whether the service knows the build.
     *
     * @param build its number; empty for the last one here
     */
    boolean run(String build) {
        Long id;
        try {
            id =
                    build.isEmpty()
                            ? new SentBuilds(options.cacheDir(), InstantSource.system()).last()
                            : Long.valueOf(build);
        } catch (NumberFormatException e) {
            return fail("a build is a number, not " + build);
        }
        if (id == null) {
            return fail(
                    "no build with "
                            + options.cacheDir()
                            + " has been reported; builds that need nothing from the service are not");
        }
        try (Backend backend = new Backend(options, version)) {
            String text = backend.builds().explain(id);
            if (text == null) {
                return fail(options.server() + " knows no build " + id + ", or does not show it");
            }
            out.print(text);
            out.flush();
            return true;
        } catch (IOException e) {
            return fail(options.server() + " does not answer: " + e.getMessage());
        }
    }

    private boolean fail(String message) {
        err.println("go-cache-adapter: " + message);
        return false;
    }
}
