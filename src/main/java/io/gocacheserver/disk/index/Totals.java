package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.StoreReport.Usage;
import io.gocacheserver.disk.index.IndexWriter.Known;

import java.sql.SQLException;

/**
 * Sums over the index.
 *
 * @param blobBytes space that the blobs take in the file system
 */
public record Totals(long actions, long objects, long bytes, long storedBytes, long blobBytes) {

    public static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    private static final long BLOCK_BYTES = 4096;

    public static long allocated(long bytes) {
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    static Totals read(Sql sql) throws SQLException {
        return sql.list(
                        "SELECT actions, objects, bytes, stored_bytes, blob_bytes FROM totals",
                        row ->
                                new Totals(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5)))
                .getFirst();
    }

    void write(Sql sql) throws SQLException {
        sql.update(
                "UPDATE totals SET actions = ?, objects = ?, bytes = ?, stored_bytes = ?, blob_bytes = ?",
                actions,
                objects,
                bytes,
                storedBytes,
                blobBytes);
    }

    Totals plusActions(long number) {
        return new Totals(actions + number, objects, bytes, storedBytes, blobBytes);
    }

    /**
     * @param sign 1 for an object more, -1 for one less
     */
    Totals plusObject(int sign, Known object) {
        return new Totals(
                actions,
                objects + sign,
                bytes + sign * object.size(),
                storedBytes + sign * object.stored(),
                blobBytes + (object.inBlob() ? sign * allocated(object.stored()) : 0));
    }

    public Usage usage() {
        return new Usage(actions, objects, bytes, storedBytes);
    }
}
