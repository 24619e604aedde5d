package io.gocacheserver.adapter.disk;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where objects go for the rest of one build that the cache directory cannot take: it is full, read-only or gone. The Go
 * command fails some builds on a put that is answered with an error (those of its module index, of {@code go vet}, of
 * profiles), and it needs a file for each object until it ends. Made on first use, readable by its owner alone.
 */
final class SpillDirectory {

    private final String parent;
    private @Nullable Path directory;
    private int files;

    /** @param parent for temporary files, such as {@code /tmp} */
    SpillDirectory(String parent) {
        this.parent = parent;
    }

    /** Where the Go command has its own temporary files. */
    static SpillDirectory standard() {
        String chosen = System.getenv("TMPDIR");
        boolean usable = chosen != null && new File(chosen).isAbsolute();
        return new SpillDirectory(usable ? chosen : System.getProperty("java.io.tmpdir", "/tmp"));
    }

    synchronized String newFile(String name) throws IOException {
        if (directory == null) {
            directory = Files.createTempDirectory(Path.of(parent), "go-cache-adapter-");
        }
        files++;
        return directory.resolve(name + "-" + files).toString();
    }

    String parent() {
        return parent;
    }

    synchronized void remove() {
        Path made = directory;
        if (made == null) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(made)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
            Files.deleteIfExists(made);
        } catch (IOException | RuntimeException e) {
            // It lies where the system itself cleans up.
        }
        directory = null;
    }
}
