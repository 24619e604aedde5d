package io.gocacheserver.adapter.report;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Whose build it is.
 *
 * @param service the service's URL
 * @param version the adapter's
 * @param cacheDir local cache directory
 * @param directory where the Go command runs
 * @param command its command line; empty if that is not known
 * @param environment what it gives its helpers: cmd/go sets {@code GOVERSION}, {@code GOFLAGS}, {@code GOOS} and the like
 */
public record BuildContext(
        String service,
        String version,
        String cacheDir,
        String directory,
        List<String> command,
        Map<String, String> environment) {

    /** The context of a process that the Go command has started itself. Asking for its command line costs some ms. */
    public static BuildContext ofParent(
            String service, String version, String cacheDir, Map<String, String> environment) {
        return new BuildContext(
                service,
                version,
                cacheDir,
                System.getProperty("user.dir", ""),
                parentCommand(),
                environment);
    }

    private static List<String> parentCommand() {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        if (parent == null) {
            return List.of();
        }
        String[] arguments = parent.info().arguments().orElse(new String[0]);
        String program = parent.info().command().orElse("go");
        String[] command = new String[arguments.length + 1];
        command[0] = program;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Arrays.asList(command);
    }

    /** The Go command's line, its program's path left out: {@code go build ./...}. Null if that is not known. */
    @Nullable String commandText() {
        if (command.isEmpty()) {
            return null;
        }
        String program = command.getFirst();
        int slash = Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\'));
        StringBuilder text = new StringBuilder(program.substring(slash + 1));
        for (int i = 1; i < command.size(); i++) {
            text.append(' ').append(command.get(i));
        }
        return text.toString();
    }

    /** {@code build}, {@code test} and the like, or {@code go} if that is not known. */
    String subcommand() {
        for (int i = 1; i < command.size(); i++) {
            if (!command.get(i).startsWith("-")) {
                return command.get(i);
            }
        }
        return "go";
    }
}
