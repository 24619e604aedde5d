package io.gocacheserver.adapter.remote.service;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Tells the indexes of package directories, which the Go command makes while it loads packages, one after the other, from
 * other objects. By their first bytes (cmd/go/internal/modindex).
 */
final class PackageIndexes {

    private static final byte[] MAGIC = "go index v".getBytes(StandardCharsets.US_ASCII);

    private PackageIndexes() {}

    /** Whether the file holds one; not if it cannot be read. */
    static boolean isOne(String path) {
        try (InputStream in = new FileInputStream(path)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            return false;
        }
    }
}
