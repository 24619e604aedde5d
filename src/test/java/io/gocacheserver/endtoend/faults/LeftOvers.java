package io.gocacheserver.endtoend.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files that a build did not finish. */
final class LeftOvers {

    private LeftOvers() {}

    /** Those in a cache directory. */
    static List<Path> in(Path cache) throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(file -> String.valueOf(file.getFileName()).contains(".tmp")).toList();
        }
    }
}
