package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names of files in a native cache directory: {@code <xx>/<action-id>-a} and {@code <xx>/<output-id>-d}, where
 * {@code <xx>} is the ID's first two hex digits. A file in the making lies beside its final place and its name ends in
 * {@code -d} too, so that cmd/go's own trim sweeps what a killed process left.
 */
final class CacheLayout {

    /** Name of the adapter's own directory below the cache directory. */
    static final String OWN_DIRECTORY = "go-cache-adapter";

    private static final int ACTION_NAME_LENGTH = 66;

    private final String root;
    private final String unique;
    private final AtomicLong staged = new AtomicLong();

    /**
     * @param root the directory
     * @param unique differs from that of any other process or object that writes into it now
     */
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

    /** A new name in the directory of {@code hex}. */
    String stagingFile(String hex) {
        return path(hex, "." + unique + "." + staged.incrementAndGet() + ".tmp-d");
    }

    String subdirectory(int index) {
        return root
                + File.separatorChar
                + Character.forDigit(index >> 4, 16)
                + Character.forDigit(index & 15, 16);
    }

    /** A file of the adapter's own, where neither cmd/go's trim nor {@code go clean -cache} looks. */
    Path ownFile(String name) {
        return Path.of(root, OWN_DIRECTORY, name);
    }

    private String path(String hex, String suffix) {
        return root + File.separatorChar + hex.substring(0, 2) + File.separatorChar + hex + suffix;
    }
}
