package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A {@code GOCACHE} directory, shared with native {@code go} commands and other adapters. The rules are those of
 * {@code cmd/go/internal/cache}: see {@link CacheLayout} and {@link ActionRecord}, and {@link ExecutableEntry} for objects
 * that are directories. Files come into being by an atomic rename, so that a process killed at any moment leaves no half
 * entry.
 *
 * <p>The time of last use is the mtime, refreshed when it is older than an hour; {@link CacheTrimmer} and {@link
 * SizeLimit} go by it.
 */
public final class NativeCache {

    private static final int MOST_IN_FILTER = 400_000; // for which a filter has half a megabyte
    private static final long MTIME_GRAIN_MILLIS = 3_600_000;

    private final CacheLayout layout;
    private final InstantSource clock;
    private final AtomicLong bytesStored = new AtomicLong();

    /** {@code unique} differs from that of any other process or object that writes into the directory now. */
    public NativeCache(String directory, String unique, InstantSource clock) {
        this.layout = new CacheLayout(directory, unique);
        this.clock = clock;
    }

    /** The entry of {@code action} on disk, or null. A damaged entry counts as none. */
    public @Nullable CachedObject get(ActionId action) {
        String actionFile = layout.actionFile(action);
        ActionRecord entry = readAction(actionFile, action);
        String object = entry == null ? null : findObject(entry.output(), entry.size());
        if (entry == null || object == null) {
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

    /**
     * The same, of an object that other machines can have: not of what cmd/go keeps as an executable and they would take
     * for something else.
     */
    public @Nullable CachedObject getToSend(ActionId action) {
        CachedObject object = get(action);
        if (object == null) {
            return null;
        }
        Path file = Path.of(object.path());
        boolean inDirectory = Path.of(layout.objectFile(object.output())).equals(file.getParent());
        return inDirectory && !ExecutableEntry.isExecutable(file) ? null : object;
    }

    /** Whether there is an entry for {@code action}, perhaps a damaged one: what a look at the directory alone tells. */
    public boolean knows(ActionId action) {
        return new File(layout.actionFile(action)).exists();
    }

    /** The actions that have entries here, by the names of files alone, and of very many the first; null if there are none. */
    public @Nullable ActionFilter filter() {
        ActionFilter filter = ActionFilter.forActions(MOST_IN_FILTER);
        int count = 0;
        for (int i = 0; i < CacheLayout.SUBDIRECTORIES && count < MOST_IN_FILTER; i++) {
            String[] names = new File(layout.subdirectory(i)).list();
            for (String name : names == null ? new String[0] : names) {
                ActionId action = CacheLayout.action(name);
                if (action != null) {
                    filter.add(action);
                    count++;
                }
            }
        }
        return count == 0 ? null : filter.copy(ActionFilter.bytesFor(count));
    }

    /**
     * Whether no build, neither native nor through an adapter, has ended here yet: the directory of a fresh machine. It may
     * be wrong either way.
     */
    public boolean isFresh() {
        return !new File(directory(), CacheTrimmer.STAMP).exists();
    }

    /** Where the object lies as a plain file, if it is here. */
    public String objectFile(OutputId output) {
        return layout.objectFile(output);
    }

    public StagedObject stage(OutputId output, long size) throws LocalDiskException {
        return new StagedObject(output, size, layout.stagingFile(output.hex()));
    }

    /** As the other; an executable whose content does not tell its name is called {@code program}. */
    public CachedObject commit(StagedObject staged, ActionId action, long unixNanos)
            throws LocalDiskException, ObjectMismatchException, NamelessExecutableException {
        return commit(staged, action, unixNanos, () -> "");
    }

    /**
     * As the other, for an object whose size only its sender names: it is given up where it would
     * take the room that the build itself needs.
     */
    public StagedObject stageForeign(OutputId output, long size) throws LocalDiskException {
        StagedObject staged = stage(output, size);
        staged.leaveRoom();
        return staged;
    }

    /** Stores a complete object and the action that produced it; {@code executableName} as {@link ExecutableName#of} has it, null fails. */
    public CachedObject commit(
            StagedObject staged,
            ActionId action,
            long unixNanos,
            Supplier<@Nullable String> executableName)
            throws LocalDiskException, ObjectMismatchException, NamelessExecutableException {
        staged.verify();
        String name = staged.isExecutable() ? name(staged, executableName) : null;
        String file = name == null ? placeObject(staged) : placeExecutable(staged, name);
        CachedObject placed = new CachedObject(staged.output(), staged.size(), unixNanos, file);
        writeAction(action, placed);
        return placed;
    }

    /**
     * Removes executables that lie there as plain files, which do not run: without them, the Go command links. A
     * {@link #get} removes one that it meets; this is for builds that use the directory without the adapter.
     */
    public void removePlainExecutables() {
        layout.visit(
                entry -> {
                    if (!entry.directory()
                            && layout.isObject(entry.path())
                            && ExecutableEntry.isExecutable(entry.path())) {
                        entry.remove();
                    }
                });
    }

    public String directory() {
        return layout.root();
    }

    public UsedEntries usedEntries() {
        return new UsedEntries(layout, clock);
    }

    public CacheTrimmer trimmer() {
        return new CacheTrimmer(layout, clock);
    }

    /**
     * Does what is due for the directory after a build: trims by cmd/go's rules, and keeps it within a size. May take
     * seconds. Any number of processes and threads may do it at once.
     *
     * @param maxSize bytes, or 0 for no limit
     */
    public void tidy(long maxSize) {
        trimmer().trimIfDue();
        if (maxSize > 0) {
            new SizeLimit(layout, maxSize, clock).enforceIfDue(bytesStored.get());
        }
    }

    private static @Nullable ActionRecord readAction(String file, ActionId action) {
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] line = new byte[ActionRecord.LENGTH + 1];
            int count = in.readNBytes(line, 0, line.length);
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
                if (inner == null || Files.size(inner) != size) {
                    return null;
                }
                ExecutableEntry.letRun(inner);
                refresh(path, attributes);
                return inner.toString();
            }
            if (attributes.size() != size) {
                return null;
            }
            if (size > 0 && ExecutableEntry.isExecutable(path)) {
                deleteQuietly(path);
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

    private String placeExecutable(StagedObject staged, String name) throws LocalDiskException {
        Path directory = Path.of(layout.objectFile(staged.output()));
        try {
            Path kept = ExecutableEntry.onlyFile(directory);
            if (kept != null && ExecutableEntry.holds(kept, staged.output(), staged.size())) {
                ExecutableEntry.letRun(kept);
                return kept.toString();
            }
            Path placed = ExecutableEntry.place(Path.of(staged.path()), directory, name);
            staged.moved();
            return placed.toString();
        } catch (IOException e) {
            throw new LocalDiskException(directory.toString(), e);
        }
    }

    private static String name(StagedObject staged, Supplier<@Nullable String> otherwise)
            throws LocalDiskException, NamelessExecutableException {
        String name;
        try {
            name = ExecutableName.of(Path.of(staged.path()), otherwise);
        } catch (IOException e) {
            throw new LocalDiskException(staged.path(), e);
        }
        if (name == null) {
            throw new NamelessExecutableException(staged.output());
        }
        return name;
    }

    private void writeAction(ActionId action, CachedObject object) throws LocalDiskException {
        String staging = layout.stagingFile(action.hex());
        ActionRecord entry = new ActionRecord(object.output(), object.size(), object.unixNanos());
        try {
            try (FileOutputStream out = StagedObject.open(staging)) {
                out.write(entry.format(action));
            }
            move(Path.of(staging), Path.of(layout.actionFile(action)));
            bytesStored.addAndGet(object.size() + ActionRecord.LENGTH);
        } catch (IOException e) {
            deleteQuietly(Path.of(staging));
            throw e instanceof LocalDiskException told ? told : new LocalDiskException(staging, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The trim will sweep it.
        }
    }
}
