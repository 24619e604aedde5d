package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.disk.index.Index.Change;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The one thread that writes to the index. Changes that wait at the same time share a transaction; each caller waits until
 * its own change is committed. If a transaction fails, its changes are tried again one by one, so that a bad one fails alone.
 */
final class GroupCommit implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
    private static final int QUEUE_CAPACITY = 1024;
    private static final int BATCH_SIZE = 256;

    private record Pending<T>(Change<T> change, CompletableFuture<T> committed) {

        Runnable apply(IndexWriter writer) throws SQLException {
            T result = change.apply(writer);
            return () -> committed.complete(result);
        }
    }

    private final IndexWriter writer;
    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final Thread thread;
    private volatile boolean closed;

    GroupCommit(IndexWriter writer) {
        this.writer = writer;
        this.thread = Thread.ofPlatform().name("index-writer").daemon().start(this::run);
    }

    Totals totals() {
        return writer.committed();
    }

    Backlog backlog() {
        return writer.backlog();
    }

    <T> T submit(Change<T> change) throws SQLException {
        Pending<T> pending = new Pending<>(change, new CompletableFuture<>());
        try {
            if (closed) {
                throw new SQLException("the index is closed");
            }
            queue.put(pending);
            if (!thread.isAlive()) { // closed since we looked
                refuseLeftOvers();
            }
            return pending.committed().get();
        } catch (ExecutionException e) {
            throw new SQLException("the index refused a change: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the index", e);
        }
    }

    /** Commits what waits, then closes the writer. */
    @Override
    public void close() throws SQLException {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseLeftOvers();
        writer.close();
    }

    private void refuseLeftOvers() {
        for (Pending<?> left = queue.poll(); left != null; left = queue.poll()) {
            left.committed().completeExceptionally(new SQLException("the index is closed"));
        }
    }

    private void run() {
        List<Pending<?>> batch = new ArrayList<>(BATCH_SIZE);
        while (!closed || !queue.isEmpty()) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                continue; // closing: what is left is still committed
            }
            queue.drainTo(batch, BATCH_SIZE - 1);
            commit(batch);
            batch.clear();
        }
    }

    private void commit(List<Pending<?>> batch) {
        try {
            transact(batch);
        } catch (SQLException | RuntimeException | Error e) { // nobody may be left waiting
            rollback();
            SqlFailure failure = SqlFailure.of(e);
            // What is not one change's own fault would only fail once more for each of them, and
            // may take long.
            if (batch.size() == 1
                    || failure == SqlFailure.BUSY
                    || failure == SqlFailure.UNUSABLE
                    || failure == SqlFailure.DAMAGED) {
                batch.forEach(pending -> pending.committed().completeExceptionally(e));
                return;
            }
            for (Pending<?> pending : batch) {
                commit(List.of(pending));
            }
        }
    }

    private void transact(List<Pending<?>> batch) throws SQLException {
        List<Runnable> acknowledgements = new ArrayList<>(batch.size());
        for (Pending<?> pending : batch) {
            acknowledgements.add(pending.apply(writer));
        }
        writer.commit();
        acknowledgements.forEach(Runnable::run);
    }

    private void rollback() {
        try {
            writer.rollback();
        } catch (SQLException | RuntimeException e) {
            log.error("[disk] the index cannot roll back: {}", e.getMessage());
        }
    }
}
