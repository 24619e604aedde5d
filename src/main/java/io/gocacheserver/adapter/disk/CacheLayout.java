package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The files of a native cache directory: {@code <xx>/<action-id>-a} and {@code <xx>/<output-id>-d}, where
 * {@code <xx>} is the ID's first two hex digits. A file in the making lies beside its final place and its name ends in
 * {@code -d} too, so that cmd/go's own trim sweeps what a killed process left.
 */
final class CacheLayout {

    static final int SUBDIRECTORIES = 256;
    private static final int ACTION_NAME_LENGTH = 66;

    private final String root;
    private final String unique;
    private final AtomicLong staged = new AtomicLong();

    /** {@code unique} differs from that of any other process or object that writes into the directory now. */
    CacheLayout(String root, String unique) {
        this.root = root;
        this.unique = unique;
    }

    String root() {
        return root;
    }

    String actionFile(ActionId action) {
        return path(action.hex(), "-a");
    }

    String objectFile(OutputId output) {
        return path(output.hex(), "-d");
    }

    /** Whether a path in one of the subdirectories is an object's, and not of a file in the making. */
    boolean isObject(Path path) {
        return String.valueOf(path.getFileName()).matches("[0-9a-f]{64}-d");
    }

    /** The action whose record a file of this name has, or null. Regular expressions cost a young JVM too much here. */
    static @Nullable ActionId action(String name) {
        if (name.length() != ACTION_NAME_LENGTH || !name.endsWith("-a")) {
            return null;
        }
        try {
            return new ActionId(name.substring(0, ACTION_NAME_LENGTH - 2));
        } catch (InvalidIdException e) {
            return null;
        }
    }

    String stagingFile(String hex) {
        return path(hex, "." + unique + "." + staged.incrementAndGet() + ".tmp-d");
    }

    String subdirectory(int index) {
        String digits = Integer.toHexString(SUBDIRECTORIES + index);
        return root + File.separatorChar + digits.substring(1);
    }

    /** A file of the adapter's own, where neither cmd/go's trim nor {@code go clean -cache} looks; its directory is made. */
    Path ownFile(String name) throws IOException {
        return Files.createDirectories(Path.of(root, "go-cache-adapter")).resolve(name);
    }

    private String path(String hex, String suffix) {
        return root + File.separatorChar + hex.substring(0, 2) + File.separatorChar + hex + suffix;
    }

    /**
     * Visits all entries, one after another: what is named {@code *-a} or {@code *-d} in the 256 subdirectories. Other files are passed
     * over, such as cmd/go's README and its {@code fuzz} directory. An entry that vanishes meanwhile, or cannot be read, is left out.
     */
    void visit(Consumer<Entry> visitor) {
        for (int i = 0; i < SUBDIRECTORIES; i++) {
            try (DirectoryStream<Path> paths = Files.newDirectoryStream(Path.of(subdirectory(i)))) {
                for (Path path : paths) {
                    visit(path, visitor);
                }
            } catch (IOException | DirectoryIteratorException e) {
                // Not made yet, or gone.
            }
        }
    }

    private static void visit(Path path, Consumer<Entry> visitor) {
        String name = path.toString();
        if (!name.endsWith("-a") && !name.endsWith("-d")) {
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Path inner = attributes.isDirectory() ? ExecutableEntry.onlyFile(path) : null;
            visitor.accept(
                    new Entry(
                            path,
                            attributes.lastModifiedTime().toMillis(),
                            inner == null ? attributes.size() : Files.size(inner),
                            attributes.isDirectory()));
        } catch (IOException e) {
            // Another process was faster.
        }
    }

    /** A file, or an executable's directory with one file in it; its time of last use is right to an hour. */
    record Entry(Path path, long usedMillis, long size, boolean directory) {

        @Nullable ActionId action() {
            return CacheLayout.action(String.valueOf(path.getFileName()));
        }

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
}
