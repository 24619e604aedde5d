package io.gocacheserver.profile;

import io.gocacheserver.wire.GoFlags;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of a command line that decides what is compiled.
 *
 * @param name {@code build}, {@code test}, {@code mod tidy}, {@code tool stringer}; of another program its own name; {@code
 *     go} if nothing is known
 * @param forAll flags that make every package another one, with their values
 * @param forSome flags that make or need other packages, with their values
 * @param packages what it names, sorted
 */
record GoCommand(
        String name,
        Map<String, String> forAll,
        Map<String, String> forSome,
        List<String> packages) {

    /** Flags that make every compiled package another one, as of Go 1.26. */
    private static final String FOR_ALL =
            " race msan asan compiler buildmode linkshared toolexec trimpath ";

    /** Flags that change packages or need other ones. Flags for the linker alone do not. */
    private static final String FOR_SOME =
            " tags gcflags asmflags gccgoflags mod modfile overlay pgo installsuffix cover covermode coverpkg"
                    + " fuzz vet vettool export deps test compiled ";

    /** Reads a command line, which wins over {@code GOFLAGS}. */
    static GoCommand of(List<String> command, String goFlags) {
        Parser parser = new Parser(command);
        for (String flag : GoFlags.split(goFlags)) {
            parser.flag(flag, false);
        }
        String program = command.isEmpty() ? "go" : program(command.get(0));
        if (!isGo(program)) {
            String word = command.size() > 1 ? command.get(1) : "";
            return parser.named(
                    word.isEmpty() || word.startsWith("-") ? program : program + ' ' + word);
        }
        return parser.parse();
    }

    boolean isTrimmed() {
        return forAll.containsKey("trimpath");
    }

    /** That of {@code -test.run=X} is {@code run}. */
    static String flagName(String argument) {
        String name = GoFlags.name(argument);
        return name.startsWith("test.") ? name.substring("test.".length()) : name;
    }

    private static String program(String path) {
        int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        String name = path.substring(slash + 1);
        return name.endsWith(".exe") ? name.substring(0, name.length() - 4) : name;
    }

    /** {@code go}, and {@code go1.26.1} as golang.org/dl installs it. */
    private static boolean isGo(String program) {
        return program.matches("go|gotip|go[1-9].*");
    }

    /** Goes through the arguments as cmd/go does: flags, then packages; {@code go test} takes flags after them too. */
    private static final class Parser {

        private final List<String> arguments;
        private final Map<String, String> forAll = new TreeMap<>();
        private final Map<String, String> forSome = new TreeMap<>();
        private final List<String> packages = new ArrayList<>();
        private String name = "go";
        private int next = 1;

        Parser(List<String> arguments) {
            this.arguments = arguments;
        }

        GoCommand parse() {
            takeFlags();
            if (next >= arguments.size()) {
                return named(name);
            }
            name = arguments.get(next++);
            if (name.equals("mod") || name.equals("work")) {
                takeFlags();
                return named(next < arguments.size() ? name + ' ' + arguments.get(next) : name);
            }
            takeFlags();
            if (name.equals("tool")) {
                return named(
                        next < arguments.size() ? "tool " + program(arguments.get(next)) : name);
            }
            takePackages();
            if (name.equals("test")) {
                takeFlags();
            }
            packages.sort(null);
            return named(name);
        }

        GoCommand named(String text) {
            return new GoCommand(text, forAll, forSome, packages);
        }

        private void takeFlags() {
            while (next < arguments.size() && arguments.get(next).startsWith("-")) {
                String argument = arguments.get(next);
                if (argument.equals("-args") || argument.equals("--args")) {
                    next = arguments.size();
                    return;
                }
                next++;
                if (argument.equals("--")) {
                    return;
                }
                flag(argument, true);
            }
        }

        private void takePackages() {
            boolean isRun = name.equals("run");
            while (next < arguments.size() && !arguments.get(next).startsWith("-")) {
                String argument = arguments.get(next);
                if (isRun && !packages.isEmpty() && !argument.endsWith(".go")) {
                    return;
                }
                packages.add(argument);
                next++;
                if (isRun && !argument.endsWith(".go")) {
                    return;
                }
            }
        }

        private void flag(String argument, boolean mayContinue) {
            if (!argument.startsWith("-")) {
                return;
            }
            int equals = argument.indexOf('=');
            String flag = flagName(argument);
            String value = equals < 0 ? "true" : argument.substring(equals + 1);
            boolean needsValue =
                    GoFlags.needsValue(flag) || (flag.equals("c") && name.equals("vet"));
            if (equals < 0 && mayContinue && needsValue && next < arguments.size()) {
                value = arguments.get(next++);
            }
            note(flag, value);
        }

        private void note(String flag, String value) {
            boolean isForAllPackages =
                    FOR_ALL.contains(' ' + flag + ' ')
                            || ((flag.equals("gcflags") || flag.equals("asmflags"))
                                    && value.startsWith("all="));
            if (!isForAllPackages && !FOR_SOME.contains(' ' + flag + ' ')) {
                return;
            }
            forAll.remove(flag);
            forSome.remove(flag);
            if (value.isEmpty() || value.equals("false") || isDefault(flag, value)) {
                return;
            }
            (isForAllPackages ? forAll : forSome).put(flag, canonical(flag, value));
        }

        private static boolean isDefault(String flag, String value) {
            return switch (flag) {
                case "buildmode" -> List.of("default", "exe", "archive").contains(value);
                case "compiler" -> value.equals("gc");
                case "pgo" -> value.equals("auto");
                case "mod" -> !value.equals("vendor");
                default -> false;
            };
        }

        /** Programs and files often lie in a directory that is new for each build. */
        private static String canonical(String flag, String value) {
            return switch (flag) {
                case "toolexec", "vettool", "pgo" -> program(value.split(" ", 2)[0]);
                case "overlay", "fuzz" -> "true";
                default -> value;
            };
        }
    }
}
