package io.gocacheserver.adapter.profile;

import io.gocacheserver.adapter.system.ChildProcess;
import io.gocacheserver.wire.BuildVariables;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final Duration ENVIRONMENT_LIMIT = Duration.ofSeconds(10);

    /** The one that has started this process ({@code runs}: whether it still does, and can be asked for its command line). */
    static GoInvocation ofParent(Map<String, String> environment, boolean runs) {
        return new GoInvocation(
                System.getProperty("user.dir", ""),
                runs ? ParentCommand.read() : List.of(),
                environment);
    }

    /**
     * Of all builds in this process's directory at once, whose cache is brought and saved as a whole; null if there is no
     * {@code go} to ask for its environment.
     */
    public static @Nullable GoInvocation ofDirectory(Map<String, String> environment) {
        List<String> names = new ArrayList<>(BuildVariables.GO);
        names.add("GOWORK");
        List<String> values = goEnv(names);
        if (values == null) {
            return null;
        }
        Map<String, String> all = new HashMap<>(environment);
        for (int i = 0; i < names.size(); i++) {
            all.put(names.get(i), values.get(i));
        }
        return new GoInvocation(System.getProperty("user.dir", ""), List.of("go", SAVED), all);
    }

    /**
     * What the {@code go} on {@code PATH} reports, with {@code go env -w} and {@code go.mod} taken into account: the values
     * of these variables, in this order; null if it cannot be asked. Blocks for some seconds at most.
     */
    public static @Nullable List<String> goEnv(List<String> names) {
        List<String> command = new ArrayList<>(List.of("go", "env"));
        command.addAll(names);
        try {
            ChildProcess go =
                    ChildProcess.run(
                            new ProcessBuilder(command), StandardCharsets.UTF_8, ENVIRONMENT_LIMIT);
            List<String> lines = go.out().lines().toList();
            return go.exit() == 0 && lines.size() >= names.size() ? lines : null;
        } catch (IOException e) {
            return null;
        }
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

    /** The command line, the program's path left out: {@code go build ./...}; null if it is not known. */
    public @Nullable String text() {
        if (command.isEmpty()) {
            return null;
        }
        List<String> words = new ArrayList<>(command);
        words.set(0, GoLine.program(words.get(0)));
        return String.join(" ", words);
    }

    /**
     * {@code go tool -n} for the tool that this command asks the path of, with the same {@code go}, in {@link #directory};
     * empty for any other command.
     */
    public List<String> toolPathCommand() {
        GoLine line = line();
        if (!line.name().startsWith("tool ")
                || !line.words().contains("-n")
                || variable("GOROOT").isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>(line.words());
        int directory = words.indexOf("-C");
        if (directory > 0) {
            words.subList(directory, directory + 2).clear();
        }
        words.set(0, sameGo());
        return words;
    }

    /**
     * The {@code go list} that names the packages of this build, without what it is to print: with the build's own flags and
     * packages, so that all that it would compile is in the cache already. Empty for a build that compiles nothing, or other
     * things than {@code go list} would.
     */
    public List<String> listCommand() {
        GoLine line = line();
        if (!line.isListable()
                || variable("GOROOT").isEmpty()
                || variable("GOFLAGS").contains("-cover")) {
            return List.of();
        }
        List<String> list = new ArrayList<>();
        list.addAll(List.of(sameGo(), "list", "-e", "-deps", "-export", "-p=1"));
        if (line.name().equals("test")) {
            list.add("-test");
        }
        list.addAll(line.compileFlags());
        list.add("--");
        list.addAll(line.packages());
        return list;
    }

    private String sameGo() {
        return Path.of(variable("GOROOT"), "bin", "go").toString();
    }

    /**
     * Runs a program as this command would, but on this cache directory and without a helper; what it prints, or null if it
     * fails. Blocks.
     */
    public @Nullable String answer(List<String> program, String cacheDirectory, Duration limit) {
        ProcessBuilder builder = new ProcessBuilder(program).directory(new File(directory));
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
        variables.put("GOCACHE", cacheDirectory);
        // Settings of go env -w are in the environment already, and one of them may be GOCACHEPROG.
        variables.put("GOENV", "off");
        variables.put("GOPROXY", "off");
        variables.remove("GOCACHEPROG");
        try {
            ChildProcess child = ChildProcess.run(builder, StandardCharsets.UTF_8, limit);
            return child.exit() == 0 ? child.out() : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    String variable(String name) {
        String value = environment.get(name);
        return value == null ? "" : value;
    }
}
