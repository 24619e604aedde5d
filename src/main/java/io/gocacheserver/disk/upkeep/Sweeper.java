package io.gocacheserver.disk.upkeep;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.index.DamagedIndexException;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The work of a start after a crash, or with a new index: deletes blobs that have no row, which a death between two steps
 * leaves behind, or the loss of the index.
 */
public record Sweeper(DiskLayout layout, Index index) {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

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
        long deleted = sweep();
        if (deleted > 0) {
            log.info("[disk] {} blobs without a row in the index were deleted", deleted);
        }
    }

    /** Goes through all blobs; returns how many were deleted. If the thread is interrupted, what is left is left. */
    long sweep() throws SQLException, IOException, InterruptedException {
        long deleted = 0;
        for (Path folder : layout.blobFolders()) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path blob : files) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    Name name = name(blob);
                    if (name != null && !hasRow(name) && delete(name, blob)) {
                        deleted++;
                    }
                }
            }
        }
        return deleted;
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
