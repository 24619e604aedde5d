package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a command line asks for.
 *
 * @param options of sessions; null where no server is needed and none was named
 * @param stableTimes whether {@code ci start} sets the times of the checkout's files
 * @param sessionFlags those that a CI job's {@code go} commands are to have too, as {@code --flag=value} each. Names of files are absolute,
 *     since those commands run in other directories
 * @param operand the directory of {@code stable-times}, the number of the build to {@code explain}; or empty
 */
public record Invocation(
        Command command,
        @Nullable Options options,
        Options.Resident resident,
        boolean stableTimes,
        List<String> sessionFlags,
        String operand) {

    /** A command, named as it is written. */
    public enum Command {
        /** To serve one Go command on stdin and stdout. */
        SESSION(true, false),
        /** To serve many Go commands, until idle. */
        SERVE(false, true),
        STOP(false, true),
        /** To start a resident process for a CI job, and say how to use it. */
        CI_START(true, true),
        /** To drain a CI job's resident process, sum up and end it. */
        CI_STOP(false, true),
        DOCTOR(true, true),
        /** To fill the cache directory from a build profile, for builds without a helper. */
        RESTORE(true, false),
        /** To send what builds without a helper have used and the service lacks. */
        SAVE(true, false),
        /** To print why packages of a build missed. */
        EXPLAIN(true, false),
        /** To tell the Go command the token for modules. */
        GOAUTH(true, false),
        /** To give the files of a checkout times that follow from their content. */
        STABLE_TIMES(false, false),
        HELP(false, false),
        VERSION(false, false);

        final boolean needsServer;
        final boolean hasResident;

        Command(boolean needsServer, boolean hasResident) {
            this.needsServer = needsServer;
            this.hasResident = hasResident;
        }

        static Command of(String words) throws UsageException {
            for (Command command : values()) {
                if (words.equals(command == SESSION ? "" : command.words())) {
                    return command;
                }
            }
            throw new UsageException(
                    "unknown command \""
                            + words
                            + "\": serve, stop, ci start, ci stop, stable-times, restore, save, goauth, explain and doctor are known");
        }

        private String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', this == STABLE_TIMES ? '-' : ' ');
        }
    }

    public Options session() {
        return Objects.requireNonNull(options);
    }
}
