package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.io.File;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names of files in a native cache directory: {@code <xx>/<action-id>-a} and {@code <xx>/<output-id>-d}, where
 * {@code <xx>} is the ID's first two hex digits. A file in the making lies beside its final place and its name ends in
 * {@code -d} too, so that cmd/go's own trim sweeps what a killed process left.
 */
final class CacheLayout {

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

    private String path(String hex, String suffix) {
        return root + File.separatorChar + hex.substring(0, 2) + File.separatorChar + hex + suffix;
    }
}
