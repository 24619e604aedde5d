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
        File self = new File("/proc/self");
        return self.exists() ? of(self) : ofHandle();
    }

    /** The command line of another process's parent. */
    public static List<String> of(File process) {
        try {
            String stat = SmallFile.read(new File(process, "stat"));
            // pid (name) state ppid …, and the name may hold anything.
            String parent = stat.substring(stat.lastIndexOf(')') + 4).split(" ", 2)[0];
            return split(SmallFile.read(new File("/proc/" + parent + "/cmdline")));
        } catch (IOException | IndexOutOfBoundsException e) {
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
