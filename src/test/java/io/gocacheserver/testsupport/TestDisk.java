package io.gocacheserver.testsupport;

import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.disk.StoreSettings;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Disk tiers as tests want them: small limits, so that small objects reach them. */
public final class TestDisk {

    /** Objects of at most this many bytes live in the index. */
    public static final int INLINE_SIZE = 4096;

    private static final long MAX_SIZE = 1L << 30;
    private static final long MEMORY_SIZE = 1 << 20;
    private static final int READERS = 4;

    private TestDisk() {}

    public static DiskTier open(Path directory) {
        return DiskTier.open(settings(directory, MAX_SIZE), InstantSource.system());
    }

    /**
     * @param maxSize bytes that the directory may take
     */
    public static StoreSettings settings(Path directory, long maxSize) {
        return new StoreSettings(
                directory,
                maxSize,
                Duration.ZERO,
                INLINE_SIZE,
                MEMORY_SIZE,
                READERS,
                Duration.ofSeconds(5),
                0,
                Duration.ofDays(7));
    }
}
