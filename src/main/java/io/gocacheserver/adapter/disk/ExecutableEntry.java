package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Iterator;

/** Objects that cmd/go keeps as a directory with one executable file in it, named as the program is. */
final class ExecutableEntry {

    private static final int BUFFER_BYTES = 64 * 1024;

    private ExecutableEntry() {}

    /** The one file in {@code directory}, or null if there is none or more than one. */
    static @Nullable Path onlyFile(Path directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            Iterator<Path> iterator = entries.iterator();
            Path first = iterator.hasNext() ? iterator.next() : null;
            return iterator.hasNext() ? null : first;
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether {@code file} is the object, byte for byte. */
    static boolean holds(Path file, OutputId output, long size) {
        try {
            if (Files.size(file) != size) {
                return false;
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            try (InputStream in = Files.newInputStream(file)) {
                for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                }
            }
            return Arrays.equals(digest.digest(), output.bytes());
        } catch (IOException e) {
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
