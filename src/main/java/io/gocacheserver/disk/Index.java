package io.gocacheserver.disk;

import io.gocacheserver.cache.LocalTier.Usage;
import io.gocacheserver.disk.GroupCommit.Change;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Consumer;

/** What the disk tier has: one writer with group commit, and a few readers of their own. Safe for many threads. */
final class Index implements AutoCloseable {

    private final GroupCommit writes;
    private final HotRows hot;
    private final KnownActions known;
    private final LinkedBlockingDeque<IndexReader> readers = new LinkedBlockingDeque<>();
    private final int readerCount;
    private volatile boolean closed;

    private interface Query<T> {
        T run(IndexReader reader) throws SQLException;
    }

    private Index(GroupCommit writes, HotRows hot, KnownActions known, int readerCount) {
        this.writes = writes;
        this.hot = hot;
        this.known = known;
        this.readerCount = readerCount;
    }

    /**
     * Opens the index, creating or migrating it where needed.
     *
     * @param memorySize bytes of memory for the rows that are used most
     * @param readerCount how many lookups run at the same time; more wait
     */
    static Index open(Path file, long memorySize, int readerCount) throws SQLException {
        IndexConnections connections = new IndexConnections(file);
        Connection connection = connections.writer();
        try {
            IndexSchema.migrate(connection);
            Index index =
                    new Index(
                            new GroupCommit(new IndexWriter(connection)),
                            new HotRows(memorySize),
                            new KnownActions((action, wanted) -> scan(connections, action, wanted)),
                            readerCount);
            for (int i = 0; i < readerCount; i++) {
                index.readers.add(new IndexReader(connections.reader()));
            }
            index.known.fill(index.usage().actions());
            return index;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Optional<IndexedAction> find(ActionId action) throws SQLException {
        if (known.lack(action)) {
            return Optional.empty();
        }
        return hot.get(action, missing -> read(reader -> reader.find(missing)));
    }

    Optional<IndexedObject> find(OutputId output) throws SQLException {
        return read(reader -> reader.find(output));
    }

    /** Adds an object, unless it is there, and the action that produced it. */
    void put(Entry entry, IndexedObject object) throws SQLException {
        long time = UnixNanos.of(entry.time());
        change(
                writer -> {
                    writer.putAction(entry.action(), writer.putObject(object), time);
                    return true;
                });
        added(entry.action());
    }

    /** Adds an object, unless it is there. */
    void putObject(IndexedObject object) throws SQLException {
        change(writer -> writer.putObject(object));
    }

    /** Adds an action if the index has its object; false if not. */
    boolean putAction(Entry entry) throws SQLException {
        long time = UnixNanos.of(entry.time());
        boolean found =
                change(
                        writer -> {
                            OptionalLong object = writer.objectId(entry.output());
                            if (object.isPresent()) {
                                writer.putAction(entry.action(), object.getAsLong(), time);
                            }
                            return object.isPresent();
                        });
        if (found) {
            added(entry.action());
        }
        return found;
    }

    /** Removes an object and every action that produced it. */
    void deleteObject(OutputId output) throws SQLException {
        change(
                writer -> {
                    writer.deleteObject(output);
                    return true;
                });
        hot.forgetAll();
    }

    Usage usage() {
        return writes.usage();
    }

    /** Waits for the lookups that run. Whoever looks something up afterwards finds a closed reader, and does not wait. */
    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        writes.close();
        known.close();
        List<IndexReader> all = new ArrayList<>(readerCount);
        for (int i = 0; i < readerCount; i++) {
            all.add(take());
        }
        for (IndexReader reader : all) {
            reader.close();
        }
        readers.addAll(all);
    }

    private void added(ActionId action) {
        known.add(action, usage().actions());
        hot.forget(action);
    }

    private static void scan(
            IndexConnections connections, Consumer<ActionId> action, KnownActions.Wanted wanted)
            throws SQLException {
        try (IndexReader reader = new IndexReader(connections.reader())) {
            reader.forEachAction(action, wanted);
        }
    }

    private <T> T change(Change<T> change) throws SQLException {
        return writes.submit(change);
    }

    private <T> T read(Query<T> query) throws SQLException {
        if (closed) {
            throw new SQLException("the index is closed");
        }
        IndexReader reader = take();
        try {
            return query.run(reader);
        } finally {
            readers.addFirst(reader);
        }
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
