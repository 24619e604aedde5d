package io.gocacheserver.build;

import io.gocacheserver.web.ProblemException;
import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * {@code builds.db}: an SQLite file beside the index, with one connection. There are no migrations: a file of another version,
 * or a damaged one, is set aside as {@code damaged-builds.db}. Where no file can be opened, the database is in memory, and ends
 * with the process. Thread-safe.
 *
 * <ul>
 *   <li>{@code build}: one row a build, the newest with the highest number. {@code report} is a {@link ReportedBuild} in JSON,
 *       {@code settings} what decides its actions, {@code uses} its packages (see {@link PackageTable}), {@code roots} why they
 *       missed, in JSON.
 *   <li>{@code name}: numbers for names of packages.
 *   <li>{@code package}: one row an action that was named, in a namespace; {@code build} is the last that used it, {@code held}
 *       whether the service had it after that, {@code deps} the numbers of the packages that it imports, sorted, in JSON.
 *   <li>{@code day}: sums of a day and a module; of this replica those with an empty {@code replica} (see {@link SharedSums}).
 *   <li>{@code missed}: how often a package missed on a day, by reason.
 * </ul>
 */
final class BuildDatabase implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BuildDatabase.class);

    /** Grows with each change of the tables. */
    private static final int VERSION = 3;

    /** SQLITE_CORRUPT, SQLITE_NOTADB. */
    private static final Set<Integer> DAMAGE = Set.of(11, 26);

    private static final int MAX_IDLE_WAL_BYTES = 4 << 20;

    private static final String CREATE =
            """
            BEGIN;
            CREATE TABLE build (
              id INTEGER PRIMARY KEY AUTOINCREMENT, report TEXT NOT NULL, settings TEXT, uses TEXT, roots TEXT,
              received TEXT AS (report ->> 'received') STORED,
              namespace TEXT AS (report ->> 'namespace') STORED,
              module TEXT AS (report ->> 'module') STORED,
              branch TEXT AS (report ->> 'branch') STORED,
              job TEXT AS (report ->> 'job') STORED,
              client TEXT AS (report ->> 'client') STORED,
              suffered INTEGER AS (report ->> 'suffered') STORED
            ) STRICT;
            CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
            CREATE TABLE package (
              id INTEGER PRIMARY KEY, namespace TEXT NOT NULL,
              name INTEGER NOT NULL REFERENCES name (id), kind TEXT NOT NULL, action BLOB NOT NULL,
              content TEXT, sources TEXT, deps TEXT NOT NULL, build INTEGER NOT NULL,
              held INTEGER NOT NULL, UNIQUE (action, namespace)
            ) STRICT;
            CREATE INDEX package_by_name ON package (name, build);
            CREATE INDEX package_by_build ON package (build);
            CREATE TABLE day (
              date TEXT NOT NULL, module TEXT NOT NULL, namespace TEXT NOT NULL,
              builds INTEGER NOT NULL, gets INTEGER NOT NULL, hits INTEGER NOT NULL,
              failures INTEGER NOT NULL, wait_millis INTEGER NOT NULL,
              saved_millis INTEGER NOT NULL, bytes_fetched INTEGER NOT NULL,
              bytes_uploaded INTEGER NOT NULL, replica TEXT NOT NULL,
              PRIMARY KEY (date, module, namespace, replica)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE missed (
              date TEXT NOT NULL, namespace TEXT NOT NULL, module TEXT NOT NULL,
              package TEXT NOT NULL, reason TEXT NOT NULL, misses INTEGER NOT NULL,
              builds INTEGER NOT NULL, PRIMARY KEY (date, namespace, module, package, reason)
            ) STRICT, WITHOUT ROWID;
            PRAGMA user_version = %d;
            COMMIT
            """
                    .formatted(VERSION);

    private final @Nullable Path file;
    private SingleConnectionDataSource source;

    private BuildDatabase(@Nullable Path file, SingleConnectionDataSource source) {
        this.file = file;
        this.source = source;
    }

    static BuildDatabase open(Path file) {
        try {
            return new BuildDatabase(file, connect(file.toString()));
        } catch (SQLException e) {
            return new BuildDatabase(file, startAnew(file, e));
        }
    }

    static BuildDatabase inMemory() {
        return new BuildDatabase(null, memory());
    }

    private static SingleConnectionDataSource memory() {
        try {
            return connect(":memory:");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SingleConnectionDataSource startAnew(Path file, Exception failure) {
        log.warn("[builds] {} cannot be used ({}), and is set aside", file, failure.toString());
        try {
            setAside(file);
            return connect(file.toString());
        } catch (SQLException | IOException e) {
            log.warn(
                    "[builds] no history of builds in {} ({}): builds are remembered until the service ends",
                    file,
                    e.toString());
            return memory();
        }
    }

    private static SingleConnectionDataSource connect(String place) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setJournalSizeLimit(MAX_IDLE_WAL_BYTES);
        Connection connection = config.createConnection("jdbc:sqlite:" + place);
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                version = row.getInt(1);
            }
            if (version == 0) {
                int replica = ThreadLocalRandom.current().nextInt();
                statement.executeUpdate("PRAGMA application_id = " + replica);
                statement.executeUpdate(CREATE);
            } else if (version != VERSION) {
                throw new SQLException("it has version " + version + ", not " + VERSION);
            }
            return new SingleConnectionDataSource(connection, true);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A random name of this file, under which other replicas know its sums. */
    String replica() {
        return transact(sql -> sql.sql("PRAGMA application_id").query(String.class).single());
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

    /** Does all of the work, or nothing; within another call as a part of that. A damaged database is empty afterwards. */
    synchronized <T extends @Nullable Object> T transact(Function<JdbcClient, T> work) {
        try {
            return new TransactionTemplate(new DataSourceTransactionManager(source))
                    .execute(_ -> work.apply(JdbcClient.create(source)));
        } catch (DataAccessException | TransactionException e) {
            if (e.getMostSpecificCause() instanceof SQLiteException sqlite
                    && DAMAGE.contains(sqlite.getResultCode().code & 0xff)
                    && file != null) {
                source.destroy();
                source = startAnew(file, e);
            }
            throw new ProblemException(
                    ProblemType.DISK_ERROR,
                    "the history of builds failed: " + e.getMostSpecificCause().getMessage());
        }
    }

    /** A statement with a condition {@code (:all OR namespace IN (:namespaces))}; null for all. */
    static StatementSpec seen(StatementSpec statement, @Nullable List<String> namespaces) {
        return statement
                .param("all", namespaces == null)
                .param("namespaces", namespaces == null ? List.of("") : namespaces);
    }

    @Override
    public synchronized void close() {
        source.destroy();
    }
}
