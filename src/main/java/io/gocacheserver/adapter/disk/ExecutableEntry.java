package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.ExecutableContent;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;

/**
 * Executables as cmd/go keeps them since Go 1.24: a directory {@code <output-id>-d} with one file in it, named as {@link
 * ExecutableName} says, that may be run. Facts of cmd/go, in Go 1.24 to 1.27: {@code go run}, {@code go tool} and, since 1.27, {@code
 * go doc -http} ask the cache for the link action and run the file that it names, so one that may not be run fails them as often as it
 * is answered. Without a helper they put what they have linked; with one they put nothing. {@code go build} asks too, and copies.
 * With two files in the directory, or a plain file in its place, the Go command links each time.
 *
 * <p>Whether an object is one, its content tells ({@link ExecutableContent}). A plain file with such content was written by
 * something that did not know this, as the adapter itself up to version 0.1.0.
 */
final class ExecutableEntry {

    private ExecutableEntry() {}

    /** Whether the content of a plain file is that of an executable; not if it cannot be read. */
    static boolean isExecutable(Path file) {
        byte[] head = new byte[ExecutableContent.HEAD_LENGTH];
        try (InputStream in = new FileInputStream(file.toString())) {
            return ExecutableContent.isExecutable(head, in.readNBytes(head, 0, head.length));
        } catch (IOException e) {
            return false;
        }
    }

    /** The one file in {@code directory}, or null if there is none or more than one, or it is no directory. */
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
            MessageDigest digest = StagedObject.sha256();
            try (InputStream in = Files.newInputStream(file)) {
                in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            }
            return Arrays.equals(digest.digest(), output.bytes());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Makes {@code directory} hold {@code file} alone, which is moved there, whatever there was before.
     *
     * @throws IOException if that cannot be done, or the file could not be run there
     */
    static Path place(Path file, Path directory, String name) throws IOException {
        letRun(file);
        if (!Files.isDirectory(directory)) {
            Files.deleteIfExists(directory);
            Files.createDirectories(directory);
        }
        Path placed = Files.move(file, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!entry.equals(placed)) {
                    Files.deleteIfExists(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return placed;
    }

    /** Lets everybody run {@code file} who may read it. Fails if it cannot be run then: its file system is mounted without that. */
    static void letRun(Path file) throws IOException {
        if (!Files.isExecutable(file)) {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                Set<PosixFilePermission> all = EnumSet.copyOf(view.readAttributes().permissions());
                for (String who : new String[] {"OWNER", "GROUP", "OTHERS"}) {
                    if (all.contains(PosixFilePermission.valueOf(who + "_READ"))) {
                        all.add(PosixFilePermission.valueOf(who + "_EXECUTE"));
                    }
                }
                view.setPermissions(all);
            }
            if (!Files.isExecutable(file)) {
                throw new IOException("programs cannot be run in this directory");
            }
        }
    }
}
