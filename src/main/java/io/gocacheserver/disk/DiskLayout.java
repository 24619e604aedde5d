package io.gocacheserver.disk;

import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where things are in the cache's directory:
 *
 * <pre>
 * index.db                  actions and small objects (SQLite, with -wal and -shm beside it)
 * blobs/xx/[output-id]      the other objects; xx: first two characters of the ID
 * tmp/                      what is being written
 * lock                      held by the service that uses the directory
 * </pre>
 *
 * <p>A blob comes into being in {@code tmp/} and is moved into place when it is whole. Whatever lies in {@code tmp/} when
 * the directory is opened was left by a process that died, and is deleted.
 */
final class DiskLayout implements AutoCloseable {

    private static final int FAN_OUT_CHARACTERS = 2;

    private final Path root;
    private final Path blobs;
    private final Path tmp;
    private final AtomicLong tmpNames = new AtomicLong();
    private @Nullable FileChannel lock;

    DiskLayout(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.blobs = this.root.resolve("blobs");
        this.tmp = this.root.resolve("tmp");
    }

    /**
     * Creates what is missing, takes the lock and empties {@code tmp/}.
     *
     * @throws UnusableDirectoryException if the directory cannot be used, saying why
     */
    void open() {
        try {
            Files.createDirectories(blobs);
            Files.createDirectories(tmp);
            lock =
                    FileChannel.open(
                            root.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!tryLock(lock)) {
                throw new IOException("another process uses it; give each its own directory");
            }
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(tmp)) {
                for (Path leftover : leftovers) {
                    Files.delete(leftover);
                }
            }
        } catch (IOException e) {
            close();
            throw new UnusableDirectoryException(root, reason(e), e);
        }
    }

    Path root() {
        return root;
    }

    Path index() {
        return root.resolve("index.db");
    }

    Path blob(OutputId output) {
        return blobs.resolve(output.hex().substring(0, FAN_OUT_CHARACTERS)).resolve(output.hex());
    }

    /** The name of a file in {@code tmp/} that nobody else uses. */
    Path newTmp() {
        return tmp.resolve("put-" + tmpNames.incrementAndGet());
    }

    /** Puts a whole file in its place, where it replaces one of the same content if there is one. */
    Path moveIntoPlace(Path file, OutputId output) throws IOException {
        Path blob = blob(output);
        try {
            Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException firstOfItsFolder) {
            Files.createDirectories(blob.getParent());
            Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
        }
        return blob;
    }

    /** Fails unless a file can be written here now. */
    void checkWritable() throws IOException {
        Path probe = newTmp();
        try {
            Files.write(probe, new byte[] {1});
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot release the lock of " + root, e);
            }
        }
    }

    /** File system exceptions say the kind of failure only by their class. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException
                ? e.getClass().getSimpleName() + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
