package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.StoreReport.Usage;

/**
 * Sums over the index.
 *
 * @param bytes of the objects themselves
 * @param storedBytes of what is kept of them
 * @param blobBytes space that the blobs take in the file system
 */
public record Totals(long actions, long objects, long bytes, long storedBytes, long blobBytes) {

    public static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    private static final long BLOCK_BYTES = 4096;

    /** Space that a file of so many bytes takes. */
    public static long allocated(long bytes) {
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    Totals plus(Totals other) {
        return new Totals(
                actions + other.actions,
                objects + other.objects,
                bytes + other.bytes,
                storedBytes + other.storedBytes,
                blobBytes + other.blobBytes);
    }

    Totals plusActions(long number) {
        return new Totals(actions + number, objects, bytes, storedBytes, blobBytes);
    }

    /**
     * @param sign 1 for an object more, -1 for one less
     */
    Totals plusObject(int sign, long size, long stored, boolean inBlob) {
        return new Totals(
                actions,
                objects + sign,
                bytes + sign * size,
                storedBytes + sign * stored,
                blobBytes + (inBlob ? sign * allocated(stored) : 0));
    }

    public Usage usage() {
        return new Usage(actions, objects, bytes, storedBytes);
    }
}
