package io.gocacheserver.testsupport;

import io.gocacheserver.disk.DiskTier;

import java.nio.file.Path;

/** Disk tiers as tests want them: small limits, so that small objects reach them. */
public final class TestDisk {

    /** Objects of at most this many bytes live in the index. */
    public static final int INLINE_SIZE = 4096;

    private static final int MEMORY_SIZE = 1024 * 1024;
    private static final int READERS = 4;

    private TestDisk() {}

    public static DiskTier open(Path directory) {
        return DiskTier.open(directory, INLINE_SIZE, MEMORY_SIZE, READERS);
    }
}
