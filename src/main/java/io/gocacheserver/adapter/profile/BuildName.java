package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.Nullable;

/**
 * The name of a build for people.
 *
 * @param module the main module's path, or null if there is none
 * @param command {@code go build}, {@code go test} and the like, without its arguments; or null if it is not known
 * @param goVersion such as {@code go1.26.3}, or null
 * @param platform such as {@code linux/amd64}, or null
 */
public record BuildName(
        @Nullable String module,
        @Nullable String command,
        @Nullable String goVersion,
        @Nullable String platform) {

    /** Reads {@code go.mod} or {@code go.work} for the module's name. */
    public static BuildName of(GoInvocation invocation) {
        GoCommand command = GoCommand.of(invocation.command(), invocation.variable("GOFLAGS"));
        String name = command.name();
        String text =
                GoCommand.isGo(invocation.command()) && !name.equals("go") ? "go " + name : name;
        String system = invocation.variable("GOOS");
        return new BuildName(
                orNull(MainModule.of(invocation, command).name()),
                invocation.command().isEmpty() ? null : text,
                orNull(invocation.variable("GOVERSION")),
                system.isEmpty() ? null : system + '/' + invocation.variable("GOARCH"));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
