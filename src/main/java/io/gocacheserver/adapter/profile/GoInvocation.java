package io.gocacheserver.adapter.profile;

import io.gocacheserver.wire.BuildVariables;
import io.gocacheserver.wire.GoFlags;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Go command that runs, or another program with cmd/go's cache in it.
 *
 * @param directory its working directory, after {@code -C}; empty if that is not known
 * @param command its command line; empty if that is not known
 * @param environment what it gives its helpers: cmd/go sets {@code GOVERSION}, {@code GOFLAGS}, {@code GOOS} and all else
 *     that {@code go env} shows, with {@code go env -w} taken into account
 */
public record GoInvocation(
        String directory, List<String> command, Map<String, String> environment) {

    private static final String SAVED = "saved"; // stands in keys where the Go command's word does
    private static final String SOURCE = ".go";

    public static GoInvocation ofParent(Map<String, String> environment) {
        return new GoInvocation(
                System.getProperty("user.dir", ""), ParentCommand.read(), environment);
    }

    /**
     * Of all builds in this process's directory at once, whose cache is brought and saved as a whole; null if there is no
     * {@code go} to ask for its environment.
     */
    public static @Nullable GoInvocation ofDirectory(Map<String, String> environment) {
        List<String> names = new ArrayList<>(BuildVariables.GO);
        names.addAll(List.of("GO111MODULE", "GOPATH", "GOWORK"));
        List<String> values = GoEnv.ask(names);
        if (values == null) {
            return null;
        }
        Map<String, String> all = new HashMap<>(environment);
        for (int i = 0; i < names.size(); i++) {
            all.put(names.get(i), values.get(i));
        }
        return new GoInvocation(System.getProperty("user.dir", ""), List.of("go", SAVED), all);
    }

    /** The one that had started this process, and is gone. */
    public static GoInvocation ofGone(Map<String, String> environment) {
        return new GoInvocation(System.getProperty("user.dir", ""), List.of(), environment);
    }

    GoLine line() {
        return GoLine.of(command);
    }

    public @Nullable String module() {
        return orNull(MainModule.of(this, line()).name());
    }

    /** {@code go build}, {@code go test} and the like, without arguments; or null. */
    public @Nullable String commandName() {
        GoLine line = line();
        return orNull(line.isGo() && !line.name().equals("go") ? "go " + line.name() : line.name());
    }

    /** Such as {@code go1.26.3}, or null. */
    public @Nullable String goVersion() {
        return orNull(variable("GOVERSION"));
    }

    /** Such as {@code linux/amd64}, or null. */
    public @Nullable String platform() {
        String system = variable("GOOS");
        return system.isEmpty() ? null : system + '/' + variable("GOARCH");
    }

    /** The name of the program that {@code go run} makes of files, after the first one; else the empty text. */
    public String executableName() {
        GoLine line = line();
        String first = line.packages().isEmpty() ? "" : line.packages().get(0);
        if (!line.name().equals("run") || !first.endsWith(SOURCE)) {
            return "";
        }
        String file = new File(first).getName();
        return file.substring(0, file.length() - SOURCE.length());
    }

    /**
     * {@code go tool -n} for the tool that this command asks the path of, with the same {@code go}, in {@link #directory};
     * empty for any other command.
     */
    public List<String> toolPathCommand() {
        List<String> words = new ArrayList<>(command);
        for (int first = 1; first <= 2 && first < words.size(); first++) {
            if (words.get(first).equals("-C")) {
                words.subList(first, Math.min(first + 2, words.size())).clear();
            }
        }
        if (words.size() < 2
                || !GoLine.isGo(GoLine.program(words.get(0)))
                || !words.get(1).equals("tool")) {
            return List.of();
        }
        boolean asksForPath = false;
        int tool = 2;
        while (tool < words.size() && words.get(tool).startsWith("-")) {
            String flag = words.get(tool);
            asksForPath |= flag.equals("-n");
            tool += GoFlags.takesNext(flag) ? 2 : 1;
        }
        if (!asksForPath || tool >= words.size() || variable("GOROOT").isEmpty()) {
            return List.of();
        }
        words.set(0, Path.of(variable("GOROOT"), "bin", "go").toString());
        return words.subList(0, tool + 1);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    String variable(String name) {
        String value = environment.get(name);
        return value == null ? "" : value;
    }
}
