package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.OutputId;

/**
 * A service's description of an object that follows, as far as it can be believed.
 *
 * @param output its SHA-256
 * @param size its bytes, at most {@value #MAX_SIZE}
 * @param length bytes of what is sent
 * @param coded whether that is not the object itself, but a zstd frame of it
 * @param unixNanos when the action was put
 */
record AnnouncedObject(OutputId output, long size, long length, boolean coded, long unixNanos) {

    /** As much as a service takes by default ({@code cache-server.web.max-object-size}). */
    static final long MAX_SIZE = 4L << 30;

    /** Content that one byte of a zstd frame can stand for: 128 KiB in a block of four bytes, headers not counted. */
    private static final long MAX_ZSTD_RATIO = 32 * 1024;

    /** Bytes that a frame may have beyond its content, in headers of blocks and frame. */
    private static final long ZSTD_OVERHEAD = 64 * 1024;

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException that says what cannot be
     */
    AnnouncedObject {
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "it announced an object of "
                            + ByteSize.format(size)
                            + "; "
                            + ByteSize.format(MAX_SIZE)
                            + " is the most that is taken");
        }
        boolean possible =
                coded
                        ? size / MAX_ZSTD_RATIO <= length
                                && length <= size + size / 8 + ZSTD_OVERHEAD
                        : size == length;
        if (size < 0 || !possible) {
            throw new IllegalArgumentException(
                    "it announced an object of " + size + " bytes, sent as " + length);
        }
        if (unixNanos < 0) {
            throw new IllegalArgumentException("it announced an object from before 1970");
        }
    }
}
