package io.gocacheserver.adapter.profile;

import java.util.ArrayList;
import java.util.List;

/** The Go command's flags, as of Go 1.26. Tables are texts, since those need no start-up. */
final class GoFlags {

    /** Those that make every compiled package another one. */
    private static final String FOR_ALL =
            " race msan asan compiler buildmode linkshared toolexec trimpath ";

    /** Flags that change packages or need other ones. Flags for the linker alone do not. */
    private static final String FOR_SOME =
            " tags gcflags asmflags gccgoflags mod modfile overlay pgo installsuffix cover covermode coverpkg"
                    + " fuzz vet vettool export deps test compiled ";

    /** Those whose value may be the next argument. */
    private static final String WITH_VALUE =
            " C p o asmflags buildmode compiler gccgoflags gcflags installsuffix ldflags mod modfile overlay"
                    + " pgo pkgdir tags toolexec covermode coverpkg exec bench benchtime blockprofile"
                    + " blockprofilerate count coverprofile cpu cpuprofile fuzz fuzztime fuzzminimizetime"
                    + " list memprofile memprofilerate mutexprofile mutexprofilefraction outputdir"
                    + " parallel run shuffle skip timeout trace vet vettool f reuse debug-actiongraph"
                    + " debug-trace debug-runtime-trace ";

    private GoFlags() {}

    static boolean isForAll(String name) {
        return contains(FOR_ALL, name);
    }

    static boolean isForSome(String name) {
        return contains(FOR_SOME, name);
    }

    static boolean needsValue(String name) {
        return contains(WITH_VALUE, name);
    }

    private static boolean contains(String table, String name) {
        return table.contains(" " + name + " ");
    }

    /** The words of {@code GOFLAGS}: between blanks, each in quotes of either kind if it begins with one. */
    static List<String> split(String flags) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < flags.length()) {
            char c = flags.charAt(i);
            if (isBlank(c)) {
                i++;
                continue;
            }
            boolean quoted = c == '"' || c == '\'';
            int from = quoted ? i + 1 : i;
            int to = from;
            while (to < flags.length()
                    && (quoted ? flags.charAt(to) != c : !isBlank(flags.charAt(to)))) {
                to++;
            }
            words.add(flags.substring(from, to));
            i = quoted ? to + 1 : to;
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
