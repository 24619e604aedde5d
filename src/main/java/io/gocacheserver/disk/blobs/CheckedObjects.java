package io.gocacheserver.disk.blobs;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which objects, by their rows, this process has seen to be right: it wrote or hashed them. A bit an object, in pieces of 8
 * KiB.
 */
public final class CheckedObjects {

    private static final int PIECE_BITS = 1 << 16;

    private final Map<Long, AtomicLongArray> pieces = new ConcurrentHashMap<>();

    public boolean contains(long id) {
        AtomicLongArray piece = pieces.get(id / PIECE_BITS);
        return piece != null && (piece.get(word(id)) & 1L << id) != 0;
    }

    public void add(long id) {
        pieces.computeIfAbsent(id / PIECE_BITS, key -> new AtomicLongArray(PIECE_BITS / Long.SIZE))
                .accumulateAndGet(word(id), 1L << id, (old, bit) -> old | bit);
    }

    public void remove(long id) {
        AtomicLongArray piece = pieces.get(id / PIECE_BITS);
        if (piece != null) {
            piece.accumulateAndGet(word(id), 1L << id, (old, bit) -> old & ~bit);
        }
    }

    private static int word(long id) {
        return (int) (id % PIECE_BITS / Long.SIZE);
    }
}
