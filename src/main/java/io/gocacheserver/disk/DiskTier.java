package io.gocacheserver.disk;

import io.gocacheserver.cache.Content;
import io.gocacheserver.cache.LocalTier;
import io.gocacheserver.cache.Lookup;
import io.gocacheserver.cache.ObjectMismatchException;
import io.gocacheserver.cache.ObjectSourceException;
import io.gocacheserver.cache.PendingUploads;
import io.gocacheserver.cache.StoreReport;
import io.gocacheserver.cache.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Actions and objects in a directory ({@link DiskLayout}). Small objects live in their row of the index, others in a
 * blob. A blob is whole and in place before its row is committed, so a row implies a blob; should a blob be missing or
 * of another length all the same, its row and the actions that lead to it are removed, and it is a miss.
 */
public final class DiskTier implements LocalTier, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DiskTier.class);
    private static final int BUFFER_SIZE = 64 * 1024;

    private final DiskLayout layout;
    private final Index index;
    private final long inlineSize;

    private DiskTier(DiskLayout layout, Index index, long inlineSize) {
        this.layout = layout;
        this.index = index;
        this.inlineSize = inlineSize;
    }

    /**
     * Opens a cache directory, which is created if needed and locked against other processes.
     *
     * @param inlineSize objects of at most this many bytes live in the index
     * @param memorySize bytes of memory for the rows that are used most
     * @param readers how many lookups run at the same time
     * @throws UnusableDirectoryException if it cannot be used, saying why
     */
    public static DiskTier open(Path directory, long inlineSize, long memorySize, int readers) {
        DiskLayout layout = new DiskLayout(directory);
        layout.open();
        try {
            DiskTier tier =
                    new DiskTier(
                            layout, Index.open(layout.index(), memorySize, readers), inlineSize);
            log.info("[disk] {}: {}", layout.root(), tier.usage());
            return tier;
        } catch (SQLException e) {
            layout.close();
            throw new UnusableDirectoryException(
                    layout.root(), "its index %s: %s".formatted(layout.index(), e.getMessage()), e);
        }
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public Lookup get(ActionId action) throws TierException {
        try {
            Optional<IndexedAction> found = index.find(action);
            if (found.isEmpty()) {
                return Lookup.miss();
            }
            IndexedObject object = found.get().object();
            Optional<Content> content = content(object);
            if (content.isEmpty()) {
                return Lookup.miss();
            }
            Entry entry =
                    new Entry(
                            action,
                            object.output(),
                            object.size(),
                            UnixNanos.toInstant(found.get().unixNanos()));
            return new Lookup.Hit(entry, content.get(), name());
        } catch (SQLException | IOException e) {
            throw new TierException.LocalRead("read action %s: %s".formatted(action, e), e);
        }
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        try {
            Optional<IndexedObject> found = index.find(output);
            return found.isPresent() ? content(found.get()) : Optional.empty();
        } catch (SQLException | IOException e) {
            throw new TierException.LocalRead("read object %s: %s".formatted(output, e), e);
        }
    }

    @Override
    public Content put(Entry entry, InputStream body, boolean upload)
            throws ObjectSourceException, TierException {
        try {
            Stored stored = store(entry.output(), entry.size(), body);
            index.put(entry, stored.row());
            return stored.content();
        } catch (ObjectSourceException e) {
            throw e;
        } catch (SQLException | IOException e) {
            throw new TierException.LocalWrite(
                    "write action %s: %s".formatted(entry.action(), e), e);
        }
    }

    @Override
    public Content putObject(OutputId output, long size, InputStream body)
            throws ObjectSourceException, TierException {
        try {
            Stored stored = store(output, size, body);
            index.putObject(stored.row());
            return stored.content();
        } catch (ObjectSourceException e) {
            throw e;
        } catch (SQLException | IOException e) {
            throw new TierException.LocalWrite("write object %s: %s".formatted(output, e), e);
        }
    }

    @Override
    public PendingUploads uploads() {
        throw new UnsupportedOperationException("to come");
    }

    @Override
    public Removed remove(ActionId action) {
        throw new UnsupportedOperationException("to come");
    }

    @Override
    public Removed remove(OutputId output) {
        throw new UnsupportedOperationException("to come");
    }

    @Override
    public void reportDamaged(OutputId output, StoreReport.FoundBy by) {
        throw new UnsupportedOperationException("to come");
    }

    @Override
    public boolean putAction(Entry entry, boolean upload) throws TierException {
        try {
            return index.putAction(entry);
        } catch (SQLException e) {
            throw new TierException.LocalWrite(
                    "write action %s: %s".formatted(entry.action(), e), e);
        }
    }

    @Override
    public Usage usage() {
        return index.usage();
    }

    @Override
    public void check() throws TierException {
        try {
            layout.checkWritable();
        } catch (IOException e) {
            throw new TierException.LocalWrite(
                    "%s cannot be written: %s".formatted(layout.root(), e), e);
        }
    }

    @Override
    public void close() {
        try {
            index.close();
        } catch (SQLException e) {
            log.warn("[disk] closing the index: {}", e.getMessage());
        } finally {
            layout.close();
        }
    }

    private record Stored(IndexedObject row, Content content) {}

    private Stored store(OutputId output, long size, InputStream body) throws IOException {
        if (size <= inlineSize) {
            byte[] bytes = readFully(output, (int) size, body);
            return new Stored(new IndexedObject(output, size, bytes), new Content.InMemory(bytes));
        }
        Path blob = writeBlob(output, body);
        return new Stored(new IndexedObject(output, size, null), new Content.InFile(blob, size));
    }

    private static byte[] readFully(OutputId output, int size, InputStream body)
            throws IOException {
        byte[] bytes = new byte[size];
        body.readNBytes(bytes, 0, size);
        if (body.read() >= 0) { // the read that meets the end is the one that verifies
            throw new ObjectMismatchException(
                    "object %s has more than the announced %d bytes".formatted(output, size));
        }
        return bytes;
    }

    private Path writeBlob(OutputId output, InputStream body) throws IOException {
        Path tmp = layout.newTmp();
        try {
            try (OutputStream file = Files.newOutputStream(tmp, StandardOpenOption.CREATE_NEW)) {
                byte[] buffer = new byte[BUFFER_SIZE];
                for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                    file.write(buffer, 0, n);
                }
            }
            return layout.moveIntoPlace(tmp, output);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(tmp);
            throw e;
        }
    }

    private Optional<Content> content(IndexedObject object) throws IOException, SQLException {
        if (object.data() != null) {
            return Optional.of(new Content.InMemory(object.data()));
        }
        Path blob = layout.blob(object.output());
        try {
            long size = Files.readAttributes(blob, BasicFileAttributes.class).size();
            if (size == object.size()) {
                return Optional.of(new Content.InFile(blob, size));
            }
            log.error(
                    "[disk] object {} has {} bytes, not {}: removed",
                    object.output(),
                    size,
                    object.size());
            Files.deleteIfExists(blob);
        } catch (NoSuchFileException e) {
            log.error("[disk] object {} is missing: removed from the index", object.output());
        }
        index.deleteObject(object.output());
        return Optional.empty();
    }
}
