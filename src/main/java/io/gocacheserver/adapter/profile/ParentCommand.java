package io.gocacheserver.adapter.profile;

import io.gocacheserver.adapter.system.SmallFile;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of the process that started this one. On Linux that is two small files in {@code /proc}; elsewhere
 * Java is asked, which takes milliseconds, and on Windows does not know the arguments.
 */
public final class ParentCommand {

    private ParentCommand() {}

    /** The program and its arguments; empty if they are not known. */
    public static List<String> read() {
        File stat = new File("/proc/self/stat");
        return stat.exists() ? ofProc(stat) : ofHandle();
    }

    private static List<String> ofProc(File stat) {
        try {
            String text = SmallFile.read(stat);
            // pid (name) state ppid …, and the name may hold anything.
            int from = text.lastIndexOf(')') + 4;
            int to = text.indexOf(' ', from);
            return to < 0
                    ? List.of()
                    : split(
                            SmallFile.read(
                                    new File("/proc/" + text.substring(from, to) + "/cmdline")));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Strings that end each with a NUL. */
    public static List<String> split(String text) {
        List<String> strings = new ArrayList<>();
        int from = 0;
        for (int end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0', from)) {
            strings.add(text.substring(from, end));
            from = end + 1;
        }
        return strings;
    }

    private static List<String> ofHandle() {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        if (parent == null) {
            return List.of();
        }
        List<String> command = new ArrayList<>();
        command.add(parent.info().command().orElse("go"));
        command.addAll(List.of(parent.info().arguments().orElse(new String[0])));
        return command;
    }
}
