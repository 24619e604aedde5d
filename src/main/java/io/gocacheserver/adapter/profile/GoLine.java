package io.gocacheserver.adapter.profile;

import io.gocacheserver.wire.GoFlags;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The part of a command line that may leave this machine: the Go command's flags and packages; of another program its name and
 * first word. What a program or test is given is no part of it, and neither are values that may be secret.
 *
 * @param words the program without its path, and what follows it
 * @param name {@code build}, {@code mod tidy}, {@code tool stringer}; of another program its name and first word
 * @param packages what it names
 * @param compileFlags its flags that decide what is compiled, secret ones too; these do not leave the machine
 * @param isListable whether {@code go list} with these flags would compile the same
 * @param isGo whether this is the Go command's line, and not another program's with cmd/go's cache in it
 */
record GoLine(
        List<String> words,
        String name,
        List<String> packages,
        List<String> compileFlags,
        boolean isListable,
        boolean isGo) {

    private static final String COMPILE_FLAGS =
            " race msan asan tags mod modfile overlay trimpath gcflags asmflags gccgoflags ldflags"
                    + " compiler buildmode buildvcs installsuffix pgo linkshared pkgdir toolexec ";

    /** Commands that compile what they name. */
    private static final String LISTABLE = " build install run test ";

    private static final String BOOLEANS = " true false 1 0 t f T F ";

    static GoLine of(List<String> command) {
        if (command.isEmpty()) {
            return ofAnother(List.of());
        }
        String program = program(command.get(0));
        if (isGo(program)) {
            return new Parser(command, program).parse();
        }
        boolean hasWord = command.size() > 1 && !command.get(1).startsWith("-");
        return ofAnother(hasWord ? List.of(program, command.get(1)) : List.of(program));
    }

    private static GoLine ofAnother(List<String> words) {
        return new GoLine(words, String.join(" ", words), List.of(), List.of(), false, false);
    }

    /** The name of a program without directory and {@code .exe}. */
    static String program(String path) {
        int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        String name = path.substring(slash + 1);
        return name.endsWith(".exe") ? name.substring(0, name.length() - 4) : name;
    }

    /** {@code go}, and {@code go1.26.1} as golang.org/dl installs it. */
    static boolean isGo(String program) {
        return program.equals("go")
                || program.equals("gotip")
                || (program.length() > 2
                        && program.startsWith("go")
                        && program.charAt(2) >= '1'
                        && program.charAt(2) <= '9');
    }

    /** Whether this is a flag whose value may be secret; it decides nothing that is kept. */
    static boolean isSecret(String flag) {
        String name = GoFlags.name(flag);
        return name.equals("ldflags") || name.equals("exec");
    }

    private static final class Parser {

        private final List<String> command;
        private final List<String> words = new ArrayList<>();
        private final List<String> names = new ArrayList<>(); // subcommand and packages
        private final List<String> compileFlags = new ArrayList<>();
        private boolean compilesOtherwise;
        private boolean isOver;
        private boolean flagsAfterPackages;

        Parser(List<String> command, String program) {
            this.command = command;
            words.add(program);
        }

        GoLine parse() {
            int next = 1;
            while (next < command.size() && !isOver) {
                String word = command.get(next++);
                if (!word.startsWith("-")) {
                    name(word);
                } else if (GoFlags.takesNext(word) && next < command.size()) {
                    flag(word, command.get(next++));
                } else {
                    flag(word, null);
                }
            }
            String name = names.isEmpty() ? "go" : names.get(0);
            boolean isListable = LISTABLE.contains(' ' + name + ' ') && !compilesOtherwise;
            boolean isPair = name.equals("mod") || name.equals("work") || name.equals("tool");
            if (isPair && names.size() > 1) {
                name += ' ' + program(names.get(1));
            }
            List<String> packages =
                    isPair || names.isEmpty() ? List.of() : names.subList(1, names.size());
            return new GoLine(words, name, packages, compileFlags, isListable, true);
        }

        private void name(String word) {
            boolean isRun = !names.isEmpty() && names.get(0).equals("run");
            boolean isFile = word.endsWith(".go");
            isOver = flagsAfterPackages || (isRun && names.size() > 1 && !isFile);
            if (isOver) {
                return;
            }
            names.add(word);
            words.add(word);
            if (names.size() == 2) {
                String first = names.get(0);
                isOver =
                        (isRun && !isFile)
                                || first.equals("tool")
                                || first.equals("mod")
                                || first.equals("work");
            }
        }

        private void flag(String word, @Nullable String value) {
            String name = GoFlags.name(word);
            int equals = word.indexOf('=');
            if (name.equals("args")) {
                isOver = true;
                return;
            }
            flagsAfterPackages = names.size() > 1;
            if (flagsAfterPackages && names.get(0).equals("run")) {
                isOver = true;
                return;
            }
            boolean isKnown =
                    equals < 0
                            || GoFlags.needsValue(name)
                            || BOOLEANS.contains(' ' + word.substring(equals + 1) + ' ');
            if (isKnown && !isSecret(word)) {
                add(words, word, value);
            }
            if (COMPILE_FLAGS.contains(' ' + name + ' ')) {
                add(compileFlags, word, value);
            }
            // go list instruments for coverage in another way than go test.
            compilesOtherwise |= name.startsWith("cover") || name.equals("n");
        }

        private static void add(List<String> flags, String word, @Nullable String value) {
            flags.add(word);
            if (value != null) {
                flags.add(value);
            }
        }
    }
}
