package io.gocacheserver.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What lies in a directory. */
public final class Directories {

    private Directories() {}

    /** Names of all files below it, relative to it, sorted. */
    public static List<String> files(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    /** Copies a directory of many files, which {@code cp} does with a third of the processor time of Java. */
    public static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        Process copying =
                new ProcessBuilder("cp", "-R", from + "/.", to.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (copying.onExit().join().exitValue() != 0) {
            throw new IOException("cannot copy " + from + " to " + to);
        }
        return to;
    }
}
