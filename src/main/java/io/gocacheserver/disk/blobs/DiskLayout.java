package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.disk.index.Totals;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where things are in the cache's directory:
 *
 * <pre>
 * damaged-index.db               the last index that was found damaged, for people
 * index.db                       actions and small objects (SQLite, with -wal and -shm beside it)
 * blobs/xx/[output-id][.zst]     the other objects, plain or compressed; xx: first two characters of the ID
 * profiles/                      build profiles ({@code DocumentFiles})
 * downloads/                     files of modules that are being fetched ({@code ModuleStore})
 * builds.db                      the history of builds ({@code BuildDatabase})
 * tmp/                           what is being written
 * lock                           held by the service that uses the directory
 * </pre>
 *
 * <p>A blob is written in {@code tmp/} and moved into place when it is whole. Files that lie in {@code tmp/} when the
 * directory is opened were left by a process that died, and are deleted.
 */
public final class DiskLayout implements AutoCloseable {

    private static final int FAN_OUT_CHARACTERS = 2;

    /** The suffixes of the index's files; the main file is last, so that it stays where it was if the process dies in between. */
    private static final List<String> INDEX_FILES = List.of("-wal", "-shm", "");

    private final Path root;
    private final Path blobs;
    private final Path tmp;
    private final AtomicLong tmpNames = new AtomicLong();
    private final String tmpPrefix = "put-" + Long.toHexString(System.nanoTime()) + "-";
    private @Nullable FileChannel lock;
    private volatile List<Object> opened = List.of();

    public DiskLayout(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.blobs = this.root.resolve("blobs");
        this.tmp = this.root.resolve("tmp");
    }

    /** Creates what is missing, takes the lock and empties {@code tmp/}. */
    public void open() {
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
        } catch (DirectoryIteratorException e) {
            close();
            throw new UnusableDirectoryException(root, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            close();
            throw new UnusableDirectoryException(root, reason(e), e);
        }
    }

    public Path root() {
        return root;
    }

    public Path index() {
        return root.resolve("index.db");
    }

    public Path blobs() {
        return blobs;
    }

    public List<Path> blobFolders() throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(blobs, Files::isDirectory)) {
            all.forEach(folders::add);
        }
        return folders;
    }

    public Path blob(OutputId output, Coding coding) {
        return blobs.resolve(output.hex().substring(0, FAN_OUT_CHARACTERS))
                .resolve(output.hex() + suffix(coding));
    }

    public static String suffix(Coding coding) {
        return switch (coding) {
            case IDENTITY -> "";
            case ZSTD -> ".zst";
        };
    }

    public Path newTmp() {
        return tmp.resolve(tmpPrefix + tmpNames.incrementAndGet());
    }

    /** Puts a whole file in its place, where it replaces one of the same object if there is one. */
    void moveIntoPlace(Path file, Path blob) throws IOException {
        try {
            replace(file, blob);
        } catch (NoSuchFileException firstOfItsFolder) {
            if (!Files.exists(file)) {
                throw firstOfItsFolder;
            }
            Files.createDirectories(blob.getParent());
            replace(file, blob);
        }
    }

    void replace(Path file, Path target) throws IOException {
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }

    public boolean hasBlobs() throws IOException {
        for (Path folder : blobFolders()) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9a-f]*")) {
                if (files.iterator().hasNext()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Space that all blobs take, by going through them: only for when the index cannot say. */
    public long blobBytes() throws IOException {
        long bytes = 0;
        for (Path folder : blobFolders()) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    bytes += Totals.allocated(file.toFile().length());
                }
            }
        }
        return bytes;
    }

    /** Where a damaged index is kept, for people. */
    public Path aside() {
        return root.resolve("damaged-index.db");
    }

    public long asideBytes() {
        return aside().toFile().length();
    }

    /** Moves a damaged index out of the way; the one that was moved before is deleted. */
    public void setIndexAside() throws IOException {
        deleteAside();
        for (String suffix : INDEX_FILES) {
            Path part = Path.of(index() + suffix);
            if (Files.exists(part)) {
                replace(part, Path.of(aside() + suffix));
            }
        }
    }

    public void deleteAside() throws IOException {
        for (String suffix : INDEX_FILES) {
            Files.deleteIfExists(Path.of(aside() + suffix));
        }
    }

    /** Makes {@code tmp/} again if somebody has deleted it, which holds nothing that is needed. */
    public void restoreTmp() throws IOException {
        if (Files.notExists(tmp)) {
            Files.createDirectory(tmp);
        }
    }

    /** Whether the directory and the index at their paths are still those that were opened. */
    public boolean isStillThere() {
        try {
            return opened.equals(identity());
        } catch (IOException e) {
            return false;
        }
    }

    public void rememberIdentity() throws IOException {
        opened = identity();
    }

    public long volumeFree() throws IOException {
        return store().getUsableSpace();
    }

    public long volumeSize() throws IOException {
        return store().getTotalSpace();
    }

    public void checkWritable() throws IOException {
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

    private FileStore store() throws IOException {
        return Files.getFileStore(root);
    }

    /** File keys of what must not be exchanged under a running service; some file systems have none. */
    private List<Object> identity() throws IOException {
        List<Object> keys = new ArrayList<>();
        for (Path path : List.of(root, blobs, index(), root.resolve("lock"))) {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            keys.add(key == null ? path : key);
        }
        return keys;
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
