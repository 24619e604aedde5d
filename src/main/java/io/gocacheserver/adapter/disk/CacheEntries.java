package io.gocacheserver.adapter.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * All entries of a cache directory, one after another: what is named {@code *-a} or {@code *-d} in the 256
 * subdirectories. Other files are passed over, such as cmd/go's README and its {@code fuzz} directory. An entry that vanishes
 * meanwhile, or cannot be read, is left out.
 */
final class CacheEntries {

    static final int SUBDIRECTORIES = 256;

    /** Visits an entry. */
    interface Visitor {
        void visit(Entry entry);
    }

    /**
     * A file, or an executable's directory with one file in it.
     *
     * @param usedMillis time of last use, to an hour, in milliseconds since 1970
     * @param size bytes
     */
    record Entry(Path path, long usedMillis, long size, boolean directory) {

        /** Whether it is gone now, and was not before. */
        boolean remove() {
            try {
                if (directory) {
                    try (DirectoryStream<Path> inner = Files.newDirectoryStream(path)) {
                        for (Path file : inner) {
                            Files.deleteIfExists(file);
                        }
                    }
                }
                return Files.deleteIfExists(path);
            } catch (IOException | DirectoryIteratorException e) {
                // Best effort, as in cmd/go: the next time comes.
                return false;
            }
        }
    }

    private final CacheLayout layout;

    CacheEntries(CacheLayout layout) {
        this.layout = layout;
    }

    void visit(Visitor visitor) {
        for (int i = 0; i < SUBDIRECTORIES; i++) {
            try (DirectoryStream<Path> paths =
                    Files.newDirectoryStream(Path.of(layout.subdirectory(i)))) {
                for (Path path : paths) {
                    visit(path, visitor);
                }
            } catch (IOException | DirectoryIteratorException e) {
                // Not made yet, or gone.
            }
        }
    }

    private static void visit(Path path, Visitor visitor) {
        String name = path.toString();
        if (!name.endsWith("-a") && !name.endsWith("-d")) {
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Path inner = attributes.isDirectory() ? ExecutableEntry.onlyFile(path) : null;
            visitor.visit(
                    new Entry(
                            path,
                            attributes.lastModifiedTime().toMillis(),
                            inner == null ? attributes.size() : Files.size(inner),
                            attributes.isDirectory()));
        } catch (IOException e) {
            // Another process was faster.
        }
    }
}
