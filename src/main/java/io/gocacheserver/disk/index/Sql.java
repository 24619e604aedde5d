package io.gocacheserver.disk.index;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the statements of one connection, each of which is prepared once: the one place that binds values and reads rows. For
 * one thread. A row is read to its end before the next statement runs.
 */
final class Sql implements AutoCloseable {

    /** Bounds what conditions that are put together leave behind. */
    private static final int MAX_PREPARED = 128;

    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int MAX_IDLE_WAL_BYTES = 8 << 20;
    private static final int CACHE_KIB = 8 * 1024;

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * Opens a connection. In WAL mode with {@code synchronous=NORMAL} a commit survives the death of the process, and readers
     * never wait for the writer.
     */
    static Connection open(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setCacheSize(-CACHE_KIB);
        config.setJournalSizeLimit(MAX_IDLE_WAL_BYTES);
        config.setReadOnly(readOnly);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    Sql(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    int update(String sql, @Nullable Object... values) throws SQLException {
        return bind(sql, values).executeUpdate();
    }

    <T> List<T> list(String sql, Row<T> reading, @Nullable Object... values) throws SQLException {
        List<T> list = new ArrayList<>();
        try (ResultSet row = bind(sql, values).executeQuery()) {
            while (row.next()) {
                list.add(reading.read(row));
            }
        }
        return list;
    }

    <T> Optional<T> first(String sql, Row<T> reading, @Nullable Object... values)
            throws SQLException {
        try (ResultSet row = bind(sql, values).executeQuery()) {
            return row.next() ? Optional.of(reading.read(row)) : Optional.empty();
        }
    }

    /** The one number that a query asks for; {@code otherwise} if there is no row, or null in it. */
    long number(long otherwise, String sql, @Nullable Object... values) throws SQLException {
        try (ResultSet row = bind(sql, values).executeQuery()) {
            if (!row.next()) {
                return otherwise;
            }
            long number = row.getLong(1);
            return row.wasNull() ? otherwise : number;
        }
    }

    boolean exists(String sql, @Nullable Object... values) throws SQLException {
        return number(0, sql, values) != 0;
    }

    static long pragma(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + pragma)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** The driver keeps every statement that is not closed, and has closed some of those that failed. */
    @Override
    public void close() throws SQLException {
        List<PreparedStatement> all = List.copyOf(prepared.values());
        prepared.clear();
        for (PreparedStatement statement : all) {
            statement.close();
        }
    }

    private PreparedStatement bind(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            if (prepared.size() == MAX_PREPARED) {
                close();
            }
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
