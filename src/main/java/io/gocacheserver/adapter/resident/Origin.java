package io.gocacheserver.adapter.resident;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Whose session it is.
 *
 * @param directory where the Go command runs
 * @param command its command line; empty if that is not known
 * @param environment what it gives its helpers
 * @param watched whether a person watches it on a terminal
 */
public record Origin(
        Path directory, List<String> command, Map<String, String> environment, boolean watched) {

    /** Of a client that only connected. */
    static Origin unknown() {
        return new Origin(Path.of(""), List.of(), Map.of(), false);
    }
}
