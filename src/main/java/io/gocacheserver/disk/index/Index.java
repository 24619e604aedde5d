package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.disk.index.IndexNotes.Note;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.OutputId;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The actions and objects of the disk tier: one writer with group commit, and a few readers. Safe for many threads. */
public final class Index implements AutoCloseable {

    private static final int SCAN_STEP = 10_000;

    private final Path file;
    private final IndexNames names = new IndexNames();
    private final GroupCommit writes;
    private final HotRows hot;
    private final KnownActions known;
    private final LinkedBlockingDeque<IndexReader> readers = new LinkedBlockingDeque<>();
    private final int readerCount;
    private final Connection maintenance;
    private final long pageBytes;
    private volatile boolean closed;

    public interface Change<T> {
        T apply(IndexWriter writer) throws SQLException;
    }

    public interface Update {
        void apply(IndexWriter writer) throws SQLException;
    }

    public interface Query<T> {
        T run(IndexReader reader) throws SQLException;
    }

    private Index(Path file, long memorySize, int readerCount) throws SQLException {
        this.file = file;
        this.readerCount = readerCount;
        hot = new HotRows(memorySize);
        known = new KnownActions(this::scan);
        Connection connection = Sql.open(file, false);
        try {
            IndexSchema.create(connection);
            for (int i = 0; i < readerCount; i++) {
                readers.add(newReader());
            }
            IndexWriter writer = new IndexWriter(connection, hot, known);
            maintenance = Sql.open(file, false);
            pageBytes = Sql.pragma(maintenance, "page_size");
            writes = new GroupCommit(writer);
        } catch (SQLException | RuntimeException e) {
            for (IndexReader reader : readers) {
                reader.close();
            }
            connection.close();
            throw e;
        }
    }

    public static Index open(Path file, long memorySize, int readerCount) throws SQLException {
        Index index = new Index(file, memorySize, readerCount);
        index.known.fill(index.totals().actions());
        return index;
    }

    public Optional<IndexedAction> find(ActionKey action) throws SQLException {
        if (known.lack(action)) {
            return Optional.empty();
        }
        return hot.get(action, missing -> read(reader -> reader.find(missing)));
    }

    public Optional<IndexedObject> find(OutputId output) throws SQLException {
        return read(reader -> reader.find(output));
    }

    public <T> T change(Change<T> change) throws SQLException {
        return writes.submit(change);
    }

    public void update(Update update) throws SQLException {
        change(
                writer -> {
                    update.apply(writer);
                    return true;
                });
    }

    public void note(Note note, long value) throws SQLException {
        update(writer -> writer.notes().set(note, value));
    }

    public <T> T read(Query<T> query) throws SQLException {
        if (closed) {
            throw new SQLException("the index is closed");
        }
        IndexReader reader = take();
        try {
            return query.run(reader);
        } catch (SQLException e) {
            reader = replacement(reader);
            throw e;
        } finally {
            readers.addFirst(reader);
        }
    }

    /** After some failures the driver has closed the statement that failed. */
    private IndexReader replacement(IndexReader reader) {
        if (closed) {
            return reader;
        }
        try {
            IndexReader fresh = newReader();
            reader.close();
            return fresh;
        } catch (SQLException e) {
            return reader; // it will fail again, and be replaced then
        }
    }

    public Totals totals() {
        return writes.totals();
    }

    public Backlog backlog() {
        return writes.backlog();
    }

    public long pageBytes() {
        return pageBytes;
    }

    public String quickCheck() throws SQLException {
        return read(IndexReader::quickCheck);
    }

    /** Puts the log back into the database as far as that can be done without waiting for anybody. */
    public synchronized void checkpoint() throws SQLException {
        Sql.pragma(maintenance, "wal_checkpoint(PASSIVE)");
    }

    public long databaseBytes() {
        return file.toFile().length();
    }

    public long bytes() {
        long bytes = 0;
        for (String suffix : List.of("", "-wal", "-shm")) {
            bytes += new File(file + suffix).length();
        }
        return bytes;
    }

    /** Waits for the lookups that run. A later lookup finds a closed reader, and does not wait. */
    @Override
    public synchronized void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        known.close();
        List<IndexReader> all = new ArrayList<>(readerCount);
        for (int i = 0; i < readerCount; i++) {
            all.add(take());
        }
        List<AutoCloseable> parts = new ArrayList<>(all);
        parts.add(maintenance);
        parts.add(writes); // last: the last connection puts the log back into the database
        SQLException failure = null;
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                failure = e instanceof SQLException known ? known : new SQLException(e);
            }
        }
        readers.addAll(all);
        if (failure != null) {
            throw failure;
        }
    }

    /** In steps, since a log cannot be put back into the database while a long query reads from it. */
    private void scan(Consumer<ActionKey> action, BooleanSupplier wanted) throws SQLException {
        try (IndexReader reader = newReader()) {
            ActionKey last = null;
            while (wanted.getAsBoolean()) {
                List<ActionKey> step = reader.actionsAfter(last, SCAN_STEP);
                if (step.isEmpty()) {
                    return;
                }
                step.forEach(action);
                last = step.getLast();
            }
        }
    }

    private IndexReader newReader() throws SQLException {
        return new IndexReader(Sql.open(file, true), names);
    }

    private IndexReader take() throws SQLException {
        try {
            return readers.takeFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for a reader of the index", e);
        }
    }
}
