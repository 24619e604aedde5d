package io.gocacheserver.adapter.profile;

import io.gocacheserver.wire.GoFlags;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code go list} that names the packages of a build: with the build's own flags and packages, so that all that it would
 * compile is in the cache already.
 */
public final class ListCommand {

    /** Those that decide what is compiled. {@code go list} instruments for coverage in another way than {@code go test}. */
    private static final String FLAGS =
            " race msan asan tags mod modfile overlay trimpath gcflags asmflags gccgoflags ldflags"
                    + " compiler buildmode buildvcs installsuffix pgo linkshared pkgdir toolexec ";

    private ListCommand() {}

    /**
     * The command, without what it is to print; empty for a build that compiles nothing, or other things than {@code go list}
     * would.
     */
    public static List<String> of(GoInvocation build) {
        List<String> words = new ArrayList<>(build.command());
        String root = build.variable("GOROOT");
        if (words.size() < 2
                || root.isEmpty()
                || build.variable("GOFLAGS").contains("-cover")
                || !GoLine.isGo(GoLine.program(words.get(0)))) {
            return List.of();
        }
        int next = 1;
        while (next < words.size() && words.get(next).startsWith("-")) {
            next += GoFlags.takesNext(words.get(next)) ? 2 : 1;
        }
        String name = next < words.size() ? words.get(next++) : "";
        boolean isTest = name.equals("test");
        boolean isRun = name.equals("run");
        if (!isTest && !isRun && !name.equals("build") && !name.equals("install")) {
            return List.of();
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(root, "bin", "go").toString());
        command.addAll(List.of("list", "-e", "-deps", "-export", "-p=1"));
        if (isTest) {
            command.add("-test");
        }
        List<String> packages = new ArrayList<>();
        boolean flagsAgain = false;
        for (; next < words.size(); next++) {
            String word = words.get(next);
            String flag = word.startsWith("-") ? GoFlags.name(word) : "";
            if (isRun && !packages.isEmpty() && !flag.isEmpty()) {
                break;
            }
            if (flag.isEmpty()) {
                boolean isFile = word.endsWith(".go");
                if (flagsAgain || (isRun && !packages.isEmpty() && !isFile)) {
                    break; // what the program is given
                }
                packages.add(word);
            } else if (flag.equals("args")) {
                break;
            } else if (flag.startsWith("cover") || flag.equals("n")) {
                return List.of();
            } else {
                flagsAgain = isTest && !packages.isEmpty();
                boolean takesNext = GoFlags.takesNext(word);
                if (FLAGS.contains(" " + flag + " ")) {
                    command.add(word);
                    if (takesNext && next + 1 < words.size()) {
                        command.add(words.get(next + 1));
                    }
                }
                next += takesNext ? 1 : 0;
            }
        }
        command.add("--");
        command.addAll(packages);
        return command;
    }
}
