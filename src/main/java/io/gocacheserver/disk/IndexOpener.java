package io.gocacheserver.disk;

import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexNotes;
import io.gocacheserver.disk.index.IndexNotes.Note;
import io.gocacheserver.disk.index.IndexSchema.NewerIndexException;
import io.gocacheserver.disk.index.SqlFailure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Opens the index of a directory, and finds out what is to be recovered, which is noted in the index itself before anything
 * else happens, so that a death in between changes nothing.
 */
final class IndexOpener {

    private static final Logger log = LoggerFactory.getLogger(IndexOpener.class);

    /**
     * An open index.
     *
     * @param recover whether something is to be done after an unclean end
     * @param rebuilding whether the index was lost, and objects are to be found in the blobs
     */
    record Opened(Index index, boolean recover, boolean rebuilding) {}

    private IndexOpener() {}

    static Opened open(DiskLayout layout, StoreSettings settings) throws SQLException, IOException {
        boolean blobs = hasBlobs(layout);
        boolean isNew = layout.index().toFile().length() == 0;
        if (isNew && blobs) {
            log.warn(
                    "[disk] there is no index {}, though there are blobs: these objects are hashed and taken into a"
                            + " new one in the background",
                    layout.index());
        }
        Index index = Index.open(layout.index(), settings.memorySize(), settings.readers());
        try {
            return noteOpened(index, blobs);
        } catch (SQLException e) {
            index.close();
            throw e;
        }
    }

    /** Deletes a damaged index, and says what that means. */
    static void delete(DiskLayout layout, String damage) throws IOException {
        layout.deleteIndex();
        log.warn(
                "[disk] the index {} was damaged ({}), and is deleted. The cache goes on with a new one: actions, small"
                        + " objects and pending uploads are lost on this disk, and come back from S3 or with the next"
                        + " builds",
                layout.index(),
                damage);
    }

    /** Damage, where it is found at once: no database, or one whose tables are not what its version says. */
    static boolean isDamage(SQLException e) {
        if (e instanceof NewerIndexException) {
            return false;
        }
        return SqlFailure.of(e) == SqlFailure.DAMAGED
                || (e instanceof SQLiteException sqlite
                        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_ERROR);
    }

    /** An index without a note is new, whether it was made just now or by a process that died over it. */
    private static Opened noteOpened(Index index, boolean blobs) throws SQLException {
        return index.change(
                writer -> {
                    IndexNotes notes = writer.notes();
                    boolean isNew = notes.get(Note.CLOSED).isEmpty();
                    boolean wasOpen = notes.get(Note.CLOSED).orElse(1) == 0;
                    if (isNew && blobs) {
                        notes.set(Note.REBUILDING, 1);
                    }
                    notes.set(Note.CLOSED, 0);
                    boolean rebuilding = notes.get(Note.REBUILDING).orElse(0) == 1;
                    return new Opened(index, wasOpen || rebuilding, rebuilding);
                });
    }

    private static boolean hasBlobs(DiskLayout layout) throws IOException {
        for (Path folder : layout.blobFolders()) {
            try (DirectoryStream<Path> blobs = Files.newDirectoryStream(folder, "[0-9a-f]*")) {
                if (blobs.iterator().hasNext()) {
                    return true;
                }
            }
        }
        return false;
    }
}
