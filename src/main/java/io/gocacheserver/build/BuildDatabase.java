package io.gocacheserver.build;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code builds.db}: an SQLite file beside the index, with one connection. There are no migrations: a file of another version,
 * or a damaged one, is set aside as {@code damaged-builds.db}. Where no file can be opened, the database is in memory, and ends
 * with the process. Thread-safe.
 *
 * <ul>
 *   <li>{@code build}: one row a build, the newest with the highest number. {@code report} is a {@link ReportedBuild} in JSON,
 *       {@code settings} what decides its actions, {@code uses} its packages, as {@link PackageTable} codes them, {@code roots}
 *       why they missed, in JSON.
 *   <li>{@code name}: numbers for names of packages.
 *   <li>{@code package}: one row an action that was named, in a namespace; {@code build} is the last that used it, {@code held}
 *       whether the service had it after that, {@code deps} the numbers of the packages that it imports.
 *   <li>{@code day}: sums of a day and a module.
 *   <li>{@code missed}: how often a package missed on a day, by reason.
 * </ul>
 */
final class BuildDatabase implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BuildDatabase.class);

    /** Grows with each change of the tables. */
    private static final int VERSION = 1;

    /** SQLITE_CORRUPT, SQLITE_NOTADB. */
    private static final Set<Integer> DAMAGE = Set.of(11, 26);

    private static final int MAX_IDLE_WAL_BYTES = 4 << 20;

    private static final List<String> CREATE =
            List.of(
                    """
                    CREATE TABLE build (
                      id INTEGER PRIMARY KEY AUTOINCREMENT,
                      received INTEGER NOT NULL,
                      namespace TEXT NOT NULL,
                      module TEXT,
                      branch TEXT,
                      job TEXT,
                      client TEXT,
                      suffered INTEGER NOT NULL,
                      report TEXT NOT NULL,
                      settings TEXT,
                      uses BLOB,
                      roots TEXT
                    ) STRICT
                    """,
                    "CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT",
                    """
                    CREATE TABLE package (
                      id INTEGER PRIMARY KEY,
                      namespace TEXT NOT NULL,
                      name INTEGER NOT NULL REFERENCES name (id),
                      kind TEXT NOT NULL,
                      action BLOB NOT NULL,
                      content TEXT,
                      sources TEXT,
                      deps BLOB NOT NULL,
                      build INTEGER NOT NULL,
                      held INTEGER NOT NULL,
                      UNIQUE (action, namespace)
                    ) STRICT
                    """,
                    "CREATE INDEX package_by_name ON package (name, build)",
                    "CREATE INDEX package_by_build ON package (build)",
                    """
                    CREATE TABLE day (
                      date TEXT NOT NULL,
                      module TEXT NOT NULL,
                      namespace TEXT NOT NULL,
                      builds INTEGER NOT NULL,
                      gets INTEGER NOT NULL,
                      hits INTEGER NOT NULL,
                      failures INTEGER NOT NULL,
                      wait_millis INTEGER NOT NULL,
                      saved_millis INTEGER NOT NULL,
                      bytes_fetched INTEGER NOT NULL,
                      bytes_uploaded INTEGER NOT NULL,
                      PRIMARY KEY (date, module, namespace)
                    ) STRICT, WITHOUT ROWID
                    """,
                    """
                    CREATE TABLE missed (
                      date TEXT NOT NULL,
                      namespace TEXT NOT NULL,
                      module TEXT NOT NULL,
                      package TEXT NOT NULL,
                      reason TEXT NOT NULL,
                      misses INTEGER NOT NULL,
                      builds INTEGER NOT NULL,
                      PRIMARY KEY (date, namespace, module, package, reason)
                    ) STRICT, WITHOUT ROWID
                    """,
                    "PRAGMA user_version = " + VERSION);

    private final @Nullable Path file;
    private Connection connection;

    /** Work in one transaction. */
    interface Work<T extends @Nullable Object> {
        T in(BuildDatabase database) throws SQLException;
    }

    /** Makes a value of a row. */
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** The database failed; this was not done. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FailedException(SQLException cause) {
            super("the history of builds failed: " + cause.getMessage(), cause);
        }
    }

    private BuildDatabase(@Nullable Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Opens the file, or makes it. */
    static BuildDatabase open(Path file) {
        try {
            return new BuildDatabase(file, connect(file));
        } catch (SQLException e) {
            log.warn("[builds] {} cannot be opened ({}), and is set aside", file, e.toString());
        }
        try {
            setAside(file);
            return new BuildDatabase(file, connect(file));
        } catch (SQLException | IOException e) {
            log.warn(
                    "[builds] no history of builds in {} ({}): builds are remembered until the service ends",
                    file,
                    e.toString());
            return inMemory();
        }
    }

    static BuildDatabase inMemory() {
        try {
            return new BuildDatabase(null, connect(null));
        } catch (SQLException e) {
            throw new FailedException(e);
        }
    }

    private static Connection connect(@Nullable Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setJournalSizeLimit(MAX_IDLE_WAL_BYTES);
        Connection connection =
                config.createConnection("jdbc:sqlite:" + (file == null ? ":memory:" : file));
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                version = row.next() ? row.getInt(1) : 0;
            }
            connection.setAutoCommit(false);
            if (version == 0) {
                for (String sql : CREATE) {
                    statement.executeUpdate(sql);
                }
            } else if (version != VERSION) {
                throw new SQLException("it has version " + version + ", not " + VERSION);
            }
            connection.commit();
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void setAside(Path file) throws IOException {
        for (String suffix : List.of("-wal", "-shm", "")) {
            Path part = Path.of(file + suffix);
            if (Files.exists(part)) {
                Files.move(
                        part,
                        part.resolveSibling("damaged-" + part.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /**
     * Does all of the work, or nothing.
     *
     * @throws FailedException if the database fails; a damaged one is empty afterwards
     */
    synchronized <T extends @Nullable Object> T transact(Work<T> work) {
        try {
            T result = work.in(this);
            connection.commit();
            return result;
        } catch (SQLException e) {
            recover(e);
            throw new FailedException(e);
        } catch (RuntimeException e) {
            rollBack();
            throw e;
        }
    }

    private void recover(SQLException failure) {
        rollBack();
        boolean damaged =
                failure instanceof SQLiteException sqlite
                        && DAMAGE.contains(sqlite.getResultCode().code & 0xff);
        if (damaged && file != null) {
            log.warn("[builds] {} is damaged ({}), and is set aside", file, failure.toString());
            try {
                connection.close();
                setAside(file);
                connection = connect(file);
            } catch (SQLException | IOException e) {
                log.warn("[builds] no new history of builds: {}", e.toString());
            }
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            log.debug("not rolled back", e);
        }
    }

    /** Changes rows; how many. Within {@link #transact}. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** Inserts a row; its number. Within {@link #transact}. */
    long insert(String sql, @Nullable Object... values) throws SQLException {
        update(sql, values);
        Long id = first("SELECT last_insert_rowid()", row -> row.getLong(1));
        return id == null ? 0 : id;
    }

    /** Reads rows. Within {@link #transact}. */
    <T> List<T> all(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
        List<T> all = new ArrayList<>();
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                all.add(row.of(rows));
            }
        }
        return all;
    }

    /** Reads the first row, if there is one. Within {@link #transact}. */
    <T> @Nullable T first(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
        List<T> all = all(sql, row, values);
        return all.isEmpty() ? null : all.getFirst();
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            log.warn("[builds] not closed: {}", e.toString());
        }
    }
}
