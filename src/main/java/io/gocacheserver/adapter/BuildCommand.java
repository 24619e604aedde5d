package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.UsageException;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.wire.GoFlags;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The adapter as builds start it, which is what {@code doctor} has to check.
 *
 * @param flags what {@code GOCACHEPROG} has after the name of the adapter; none if it names another program
 */
record BuildCommand(List<String> flags) {

    private static final String COMMAND = "doctor";
    private static final String VARIABLE = "GOCACHEPROG";
    private static final String ADAPTER = "go-cache-adapter";

    /** Found where the Go command finds it: in the environment, or what {@code go env -w} has noted. */
    static BuildCommand find(Map<String, String> environment) {
        String program = environment.getOrDefault(VARIABLE, "");
        if (program.isEmpty()) {
            List<String> values = GoInvocation.goEnv(List.of(VARIABLE));
            program = values == null ? "" : values.getFirst();
        }
        return of(program);
    }

    /** The command that a value of {@code GOCACHEPROG} is. */
    static BuildCommand of(String program) {
        List<String> words = GoFlags.split(program);
        return new BuildCommand(
                !words.isEmpty() && new File(words.getFirst()).getName().startsWith(ADAPTER)
                        ? words.subList(1, words.size())
                        : List.of());
    }

    /** Reads a command line of {@code doctor}; what it does not say is as builds have it. */
    Invocation parse(String[] args, Map<String, String> environment) throws UsageException {
        List<String> all = new ArrayList<>(List.of(COMMAND));
        all.addAll(flags);
        all.addAll(Arrays.asList(args).subList(1, args.length));
        try {
            return CommandLine.parse(all.toArray(String[]::new), environment);
        } catch (UsageException e) {
            throw new UsageException(e.getMessage() + " (on the command line or in GOCACHEPROG)");
        }
    }
}
