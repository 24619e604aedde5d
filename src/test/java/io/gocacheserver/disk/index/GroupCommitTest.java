package io.gocacheserver.disk.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class GroupCommitTest {

    @AutoClose private GroupCommit commits;
    private Connection connection;

    @BeforeEach
    void open(@TempDir Path directory) throws SQLException {
        connection = Sql.open(directory.resolve("index.db"), false);
        IndexSchema.create(connection);
        commits =
                new GroupCommit(
                        new IndexWriter(
                                connection,
                                new HotRows(1 << 20),
                                new KnownActions((action, wanted) -> {})));
    }

    @Test
    void aChangeIsCommittedWhenSubmitReturns() throws SQLException {
        commits.submit(writer -> writer.insertObject(row()));
        assertThat(commits.totals()).isEqualTo(new Totals(0, 1, 3, 3, 0));
    }

    @Test
    void aChangeThatFailsDoesNotTakeItsNeighboursWithIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        List<Future<Long>> good = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var blocked = executor.submit(() -> commits.submit(writer -> await(gate)));
            for (int i = 0; i < 10; i++) {
                good.add(
                        executor.submit(
                                () -> commits.submit(writer -> writer.insertObject(row()))));
            }
            Future<Long> bad = executor.submit(() -> commits.submit(writer -> fail()));
            gate.countDown();
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> Concurrently.result(bad))
                    .withMessageContaining("constraint");
            Concurrently.result(blocked);
            for (Future<Long> each : good) {
                Concurrently.result(each);
            }
        }
        assertThat(commits.totals()).isEqualTo(new Totals(0, 10, 30, 30, 0));
    }

    @Test
    void aFullDiskIsGotOverWhenThereIsSpaceAgain() throws SQLException {
        commits.submit(writer -> limitPages("page_count"));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(
                        () -> {
                            for (int i = 0; i < 10_000; i++) {
                                commits.submit(writer -> writer.insertObject(row()));
                            }
                        })
                .satisfies(
                        e ->
                                assertThat(SqlFailure.of(e))
                                        .as(e.toString())
                                        .isEqualTo(SqlFailure.FULL));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> insertMany(200))
                .satisfies(
                        e ->
                                assertThat(SqlFailure.of(e))
                                        .as(e.toString())
                                        .isEqualTo(SqlFailure.FULL));
        long before = commits.totals().objects();
        commits.submit(writer -> limitPages("1000000"));
        insertMany(200);
        assertThat(commits.totals().objects()).isEqualTo(before + 200);
    }

    @Test
    void aRuntimeFailureReachesItsCallerAndTheWriterGoesOn() throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(
                        () ->
                                commits.submit(
                                        writer -> {
                                            throw new IllegalStateException("a bug");
                                        }))
                .withMessageContaining("a bug");
        commits.submit(writer -> writer.insertObject(row()));
        assertThat(commits.totals().objects()).isEqualTo(1);
    }

    @Test
    void whatWaitsWhenItIsClosedIsStillCommittedOrRefused() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch started = new CountDownLatch(1);
            var blocked =
                    executor.submit(
                            () ->
                                    commits.submit(
                                            writer -> {
                                                started.countDown();
                                                return await(gate);
                                            }));
            started.await();
            List<Future<Boolean>> waiting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                waiting.add(executor.submit(this::isCommitted));
            }
            Future<Boolean> closing =
                    executor.submit(
                            () -> {
                                commits.close();
                                return true;
                            });
            gate.countDown();
            Concurrently.result(blocked);
            Concurrently.result(closing);
            long committed = 0;
            for (Future<Boolean> each : waiting) {
                committed += Concurrently.result(each) ? 1 : 0;
            }
            assertThat(commits.totals().objects()).isEqualTo(committed);
        }
    }

    @Test
    void onceClosedItRefusesWithoutWaiting() throws SQLException {
        commits.close();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> commits.submit(writer -> writer.insertObject(row())))
                .withMessageContaining("closed");
    }

    private void insertMany(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            commits.submit(writer -> writer.insertObject(row()));
        }
    }

    /** As if the disk were full at so many pages. */
    private boolean limitPages(String pages) throws SQLException {
        try (var statement = connection.createStatement()) {
            String limit = pages;
            if (pages.equals("page_count")) {
                try (var row = statement.executeQuery("PRAGMA page_count")) {
                    row.next();
                    limit = row.getString(1);
                }
            }
            return statement.execute("PRAGMA max_page_count = " + limit);
        }
    }

    private boolean isCommitted() {
        try {
            commits.submit(writer -> writer.insertObject(row()));
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean await(CountDownLatch gate) {
        boolean interrupted = false;
        while (true) {
            try {
                gate.await();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private static long fail() throws SQLException {
        throw new SQLException("constraint violated");
    }

    private static StagedObject row() {
        OutputId output = TestObject.ofSize(3).output();
        return new StagedObject(output, 3, 3, Coding.IDENTITY, new byte[3], null);
    }
}
