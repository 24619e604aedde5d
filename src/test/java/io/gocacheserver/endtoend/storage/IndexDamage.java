package io.gocacheserver.endtoend.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** What can happen to the index's files. */
enum IndexDamage {
    /** The end of the write-ahead log never reached the disk. */
    WAL_CUT {
        @Override
        void apply(Path index) throws IOException {
            Path wal = index.resolveSibling(index.getFileName() + "-wal");
            truncate(wal, Files.size(wal) * 2 / 3 + 17);
        }
    },
    /** It is not an SQLite file any more. */
    GARBAGE_IN_THE_HEADER {
        @Override
        void apply(Path index) throws IOException {
            byte[] garbage = new byte[100];
            new Random(1).nextBytes(garbage);
            write(index, 0, garbage);
        }
    },
    /** It is gone. */
    DELETED {
        @Override
        void apply(Path index) throws IOException {
            Files.delete(index);
        }
    },
    /** It is empty. */
    EMPTY {
        @Override
        void apply(Path index) throws IOException {
            truncate(index, 0);
        }
    },
    /** The second half is gone. */
    CUT_TO_HALF {
        @Override
        void apply(Path index) throws IOException {
            truncate(index, Files.size(index) / 2);
        }
    },
    /** Pages in the middle are full of zeros. */
    ZEROED_PAGES {
        @Override
        void apply(Path index) throws IOException {
            long pages = Files.size(index) / PAGE;
            write(index, pages / 4 * PAGE, new byte[(int) (pages / 2) * PAGE]);
        }
    };

    private static final int PAGE = 4096;

    /** Does it, while no service uses the directory. */
    abstract void apply(Path index) throws IOException;

    static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    static void write(Path file, long position, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), position);
        }
    }
}
