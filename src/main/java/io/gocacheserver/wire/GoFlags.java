package io.gocacheserver.wire;

import java.util.ArrayList;
import java.util.List;

/** The syntax of the Go command's flags, as of Go 1.26. */
public final class GoFlags {

    /** A text, since that needs no start-up. */
    private static final String WITH_VALUE =
            " C p o asmflags buildmode compiler gccgoflags gcflags installsuffix ldflags mod modfile overlay"
                    + " pgo pkgdir tags toolexec covermode coverpkg exec bench benchtime blockprofile"
                    + " blockprofilerate count coverprofile cpu cpuprofile fuzz fuzztime fuzzminimizetime"
                    + " list memprofile memprofilerate mutexprofile mutexprofilefraction outputdir"
                    + " parallel run shuffle skip timeout trace vet vettool f reuse debug-actiongraph"
                    + " debug-trace debug-runtime-trace ";

    private GoFlags() {}

    /** The name of the flag in an argument: that of {@code --race=1} is {@code race}. */
    public static String name(String argument) {
        int from = argument.startsWith("--") ? 2 : 1;
        int equals = argument.indexOf('=');
        return argument.substring(
                Math.min(from, argument.length()), equals < 0 ? argument.length() : equals);
    }

    public static boolean takesNext(String argument) {
        return argument.indexOf('=') < 0 && needsValue(name(argument));
    }

    public static boolean needsValue(String name) {
        return WITH_VALUE.contains(" " + name + " ");
    }

    /**
     * The words of {@code GOFLAGS} and {@code GOCACHEPROG}: between blanks; one that begins with a quotation mark goes on to
     * the next such mark, or to the end.
     */
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            char first = text.charAt(start);
            if (isBlank(first)) {
                start++;
                continue;
            }
            boolean quoted = first == '"' || first == '\'';
            int end = start + 1;
            while (end < text.length()
                    && (quoted ? text.charAt(end) != first : !isBlank(text.charAt(end)))) {
                end++;
            }
            words.add(text.substring(quoted ? start + 1 : start, end));
            start = quoted ? end + 1 : end;
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
