package io.gocacheserver.disk.upkeep;

import com.github.luben.zstd.ZstdIOException;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.ObjectCheck;
import io.gocacheserver.disk.blobs.StoredContents;
import io.gocacheserver.disk.index.DamagedIndexException;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The work of a start after a crash, or with a new index. Blobs without a row are left behind by a death between two steps,
 * or by the loss of the index. Each is hashed: a right one is taken into the index, as an object to which actions may lead
 * again; a wrong one is deleted.
 */
public record Sweeper(
        DiskLayout layout, Index index, StoredContents contents, Blobs blobs, UseClock uses) {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

    record Swept(long adopted, long deleted) {}

    private record Name(OutputId output, Coding coding) {}

    /**
     * Recovers. An interrupted recovery resumes at the next start.
     *
     * @throws DamagedIndexException if the index is damaged, which is found now rather than when somebody meets it, by when
     *     Puts may have gone into it
     */
    void recover() throws SQLException, IOException, InterruptedException {
        String found = index.quickCheck();
        if (!found.equals("ok")) {
            throw new DamagedIndexException("SQLite's check of the index found: " + found);
        }
        blobs.unknown(layout.blobBytes() - index.totals().blobBytes());
        Swept swept = sweep();
        blobs.unknown(0);
        if (swept.adopted() + swept.deleted() > 0) {
            log.info(
                    "[disk] blobs without a row in the index: {} taken in, {} deleted",
                    swept.adopted(),
                    swept.deleted());
        }
    }

    /** Goes through all blobs. If the thread is interrupted, what is left is left. */
    Swept sweep() throws SQLException, IOException, InterruptedException {
        long adopted = 0;
        long deleted = 0;
        for (Path folder : layout.blobFolders()) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path blob : files) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    Name name = name(blob);
                    if (name == null || hasRow(name)) {
                        continue;
                    }
                    try {
                        long stored = Files.size(blob);
                        if (adopt(name, blob, stored)) {
                            adopted++;
                        } else if (delete(name, blob)) {
                            deleted++;
                        }
                        blobs.known(stored);
                    } catch (NoSuchFileException e) {
                        log.debug("[disk] {} has been deleted since it was listed", blob);
                    }
                }
            }
        }
        return new Swept(adopted, deleted);
    }

    /** The meaning of a blob's name; null if the store did not write it, and so leaves it alone. */
    private static @Nullable Name name(Path blob) {
        String file = String.valueOf(blob.getFileName());
        String suffix = DiskLayout.suffix(Coding.ZSTD);
        try {
            return file.endsWith(suffix)
                    ? new Name(
                            new OutputId(file.substring(0, file.length() - suffix.length())),
                            Coding.ZSTD)
                    : new Name(new OutputId(file), Coding.IDENTITY);
        } catch (InvalidIdException e) {
            log.warn("[disk] {} is not a file of this cache, and is left alone", blob);
            return null;
        }
    }

    private boolean hasRow(Name name) throws SQLException {
        Optional<IndexedObject> row = index.find(name.output());
        return row.isPresent() && row.get().data() == null && row.get().coding() == name.coding();
    }

    private boolean adopt(Name name, Path blob, long stored) throws SQLException, IOException {
        long size = 0;
        String fault;
        try (InputStream in = name.coding().decode(Files.newInputStream(blob))) {
            size = in.transferTo(OutputStream.nullOutputStream());
            Content content = new Content.InFile(blob, stored, name.coding(), size);
            fault = ObjectCheck.fault(name.output(), content, bytes -> {});
        } catch (ZstdIOException | EOFException e) {
            fault = e.toString();
        }
        if (fault != null) {
            contents.report(FoundBy.RECOVERY, "blob %s is damaged: %s".formatted(blob, fault));
            return false;
        }
        var object = new StagedObject(name.output(), size, stored, name.coding(), null, null);
        return index.change(
                writer -> {
                    if (writer.find(name.output()) != null) {
                        return false; // it has been put again in the meantime
                    }
                    long id = writer.insertObject(object);
                    writer.putOrphan(id, uses.next());
                    contents.checked().add(id);
                    return true;
                });
    }

    /** By the index's writer, so that no Put moves the same blob into place in between. */
    private boolean delete(Name name, Path blob) throws SQLException {
        return index.change(
                writer -> {
                    Known now = writer.find(name.output());
                    if (now != null && now.inBlob() && now.coding() == name.coding()) {
                        return false;
                    }
                    try {
                        return Files.deleteIfExists(blob);
                    } catch (IOException e) {
                        throw new SQLException("cannot delete " + blob, e);
                    }
                });
    }
}
