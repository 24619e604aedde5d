package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;

/**
 * A {@code GOCACHE} directory, shared with native {@code go} commands and other adapters. The rules are those of
 * {@code cmd/go/internal/cache}: see {@link CacheLayout} and {@link ActionRecord}; an object may also be a directory with
 * one file in it (an executable that cmd/go keeps). Files come into being by an atomic rename, so that a process killed
 * at any moment leaves no half entry.
 *
 * <p>The time of last use is the mtime, refreshed when it is older than an hour; {@link CacheTrimmer} goes by it.
 */
public final class NativeCache {

    private static final long MTIME_GRAIN_MILLIS = 3_600_000;

    private final CacheLayout layout;
    private final InstantSource clock;

    /**
     * @param directory the cache directory; its 256 subdirectories are made when needed
     * @param unique differs from that of any other process or object that writes into it now
     * @param clock for times of last use
     */
    public NativeCache(String directory, String unique, InstantSource clock) {
        this.layout = new CacheLayout(directory, unique);
        this.clock = clock;
    }

    /** What the disk has for {@code action}, or null. A damaged entry counts as none. */
    public @Nullable CachedObject get(ActionId action) {
        String actionFile = layout.actionFile(action);
        ActionRecord entry = readAction(actionFile, action);
        if (entry == null) {
            return null;
        }
        String object = findObject(entry.output(), entry.size());
        if (object == null) {
            return null;
        }
        try {
            Path path = Path.of(actionFile);
            refresh(path, Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            // Gone since it was read: the object is there all the same.
        }
        return new CachedObject(entry.output(), entry.size(), entry.unixNanos(), object);
    }

    /** Begins to store an object. */
    public StagedObject stage(OutputId output, long size) throws LocalDiskException {
        return StagedObject.create(output, size, layout.stagingFile(output.hex()));
    }

    /**
     * Stores a complete object and the action that produced it.
     *
     * @throws ObjectMismatchException if the object is not what its output ID and size say
     */
    public CachedObject commit(StagedObject staged, ActionId action, long unixNanos)
            throws LocalDiskException, ObjectMismatchException {
        staged.verify();
        String object = placeObject(staged);
        ActionRecord entry = new ActionRecord(staged.output(), staged.size(), unixNanos);
        writeAction(action, entry.format(action));
        return new CachedObject(staged.output(), staged.size(), unixNanos, object);
    }

    /** The trimmer of this directory. */
    public CacheTrimmer trimmer() {
        return new CacheTrimmer(layout, clock);
    }

    private static @Nullable ActionRecord readAction(String file, ActionId action) {
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] line = new byte[ActionRecord.LENGTH + 1];
            int count = 0;
            int read = in.read(line);
            while (read > 0) {
                count += read;
                read = count < line.length ? in.read(line, count, line.length - count) : 0;
            }
            return ActionRecord.parse(line, count, action);
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable String findObject(OutputId output, long size) {
        String file = layout.objectFile(output);
        Path path = Path.of(file);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                Path inner = ExecutableEntry.onlyFile(path);
                boolean whole = inner != null && Files.size(inner) == size;
                refresh(path, attributes);
                return whole ? String.valueOf(inner) : null;
            }
            if (attributes.size() != size) {
                return null;
            }
            refresh(path, attributes);
            return file;
        } catch (IOException e) {
            return null;
        }
    }

    private void refresh(Path path, BasicFileAttributes attributes) {
        long now = clock.millis();
        if (now - attributes.lastModifiedTime().toMillis() >= MTIME_GRAIN_MILLIS) {
            try {
                Files.setLastModifiedTime(path, FileTime.fromMillis(now));
            } catch (IOException e) {
                // Best effort, as in cmd/go: the directory may be read-only or another user's.
            }
        }
    }

    private String placeObject(StagedObject staged) throws LocalDiskException {
        String file = layout.objectFile(staged.output());
        Path path = Path.of(file);
        try {
            move(Path.of(staged.path()), path);
            staged.moved();
            return file;
        } catch (IOException e) {
            // An executable's directory cannot be replaced, nor on Windows a file that is open.
            Path inner = Files.isDirectory(path) ? ExecutableEntry.onlyFile(path) : path;
            if (inner != null && ExecutableEntry.holds(inner, staged.output(), staged.size())) {
                return inner.toString();
            }
            throw new LocalDiskException(file, e);
        }
    }

    private void writeAction(ActionId action, byte[] line) throws LocalDiskException {
        String staging = layout.stagingFile(action.hex());
        try {
            try (FileOutputStream out = StagedObject.open(staging)) {
                out.write(line);
            }
            move(Path.of(staging), Path.of(layout.actionFile(action)));
        } catch (LocalDiskException e) {
            throw e;
        } catch (IOException e) {
            deleteQuietly(Path.of(staging));
            throw new LocalDiskException(staging, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.delete(path);
        } catch (NoSuchFileException e) {
            // Nothing to do.
        } catch (IOException e) {
            // The trim will sweep it.
        }
    }
}
