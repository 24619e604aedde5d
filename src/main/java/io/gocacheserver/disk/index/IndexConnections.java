package io.gocacheserver.disk.index;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens connections to the index. In WAL mode with {@code synchronous=NORMAL} a commit survives the death of the
 * process, and readers never wait for the writer.
 */
record IndexConnections(Path file) {

    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int MAX_IDLE_WAL_BYTES = 8 << 20;
    private static final int CACHE_KIB = 8 * 1024;

    Connection writer() throws SQLException {
        return config().createConnection(url());
    }

    Connection reader() throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return config.createConnection(url());
    }

    private String url() {
        return "jdbc:sqlite:" + file;
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setCacheSize(-CACHE_KIB);
        config.setJournalSizeLimit(MAX_IDLE_WAL_BYTES);
        return config;
    }
}
