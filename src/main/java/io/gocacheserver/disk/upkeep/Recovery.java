package io.gocacheserver.disk.upkeep;

import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.index.DamagedIndexException;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexNotes.Note;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.SQLException;

/**
 * The work of a start after a crash: if the index was lost, it fills the new one from the blobs; else it deletes blobs that
 * have no row.
 */
public final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final Index index;
    private final Blobs blobs;
    private final Sweeper sweeper;

    public Recovery(Index index, Blobs blobs, Sweeper sweeper) {
        this.index = index;
        this.blobs = blobs;
        this.sweeper = sweeper;
    }

    /**
     * Recovers. An interrupted recovery resumes at the next start.
     *
     * @throws InterruptedException if the thread is
     */
    void run() throws SQLException, IOException, InterruptedException {
        boolean rebuilding =
                index.change(writer -> writer.notes().get(Note.REBUILDING)).orElse(0) == 1;
        if (!rebuilding) {
            checkIndex();
        }
        Sweeper.Swept swept = sweeper.sweep(rebuilding);
        if (rebuilding) {
            index.note(Note.REBUILDING, 0);
            blobs.unknown(0);
            log.info(
                    "[disk] the index is rebuilt: {} actions, {} objects",
                    index.totals().actions(),
                    index.totals().objects());
        }
        if (swept.adopted() + swept.deleted() > 0) {
            log.info(
                    "[disk] blobs without a row in the index: {} taken in, {} deleted",
                    swept.adopted(),
                    swept.deleted());
        }
    }

    /**
     * Finds damage of the index now rather than when somebody meets it, by when Puts may have gone into it.
     *
     * @throws DamagedIndexException if there is some
     */
    private void checkIndex() throws SQLException {
        String found = index.quickCheck();
        if (!found.equals("ok")) {
            throw new DamagedIndexException("SQLite's check of the index found: " + found);
        }
    }
}
