package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.LocalTier.Usage;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AfterEach;
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

    private GroupCommit commits;

    @BeforeEach
    void open(@TempDir Path directory) throws SQLException {
        Connection connection = new IndexConnections(directory.resolve("index.db")).writer();
        IndexSchema.migrate(connection);
        commits = new GroupCommit(new IndexWriter(connection));
    }

    @AfterEach
    void close() throws SQLException {
        commits.close();
    }

    @Test
    void aChangeIsCommittedWhenSubmitReturns() throws SQLException {
        commits.submit(writer -> writer.putObject(row()));
        assertThat(commits.usage()).isEqualTo(new Usage(0, 1, 3, 3));
    }

    @Test
    void aChangeThatFailsDoesNotTakeItsNeighboursWithIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        List<Future<Long>> good = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var blocked = executor.submit(() -> commits.submit(writer -> await(gate)));
            for (int i = 0; i < 10; i++) {
                good.add(executor.submit(() -> commits.submit(writer -> writer.putObject(row()))));
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
        assertThat(commits.usage()).isEqualTo(new Usage(0, 10, 30, 30));
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
        commits.submit(writer -> writer.putObject(row()));
        assertThat(commits.usage().objects()).isEqualTo(1);
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
            assertThat(commits.usage().objects()).isEqualTo(committed);
        }
    }

    @Test
    void onceClosedItRefusesWithoutWaiting() throws SQLException {
        commits.close();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> commits.submit(writer -> writer.putObject(row())))
                .withMessageContaining("closed");
    }

    private boolean isCommitted() {
        try {
            commits.submit(writer -> writer.putObject(row()));
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

    private static IndexedObject row() {
        OutputId output = TestObject.ofSize(3).output();
        return new IndexedObject(output, 3, new byte[3]);
    }
}
