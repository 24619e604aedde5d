package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.LocalTier.Usage;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.model.UnixNanos;
import io.gocacheserver.testsupport.TestObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;

class IndexSchemaTest extends DiskFixture {

    private static final String[] VERSION_1 = {
        "CREATE TABLE object (id INTEGER PRIMARY KEY, output_id BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, data BLOB) STRICT",
        "CREATE TABLE action (action_id BLOB NOT NULL PRIMARY KEY, object INTEGER NOT NULL REFERENCES object (id),"
                + " time INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE totals (actions INTEGER NOT NULL, objects INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT",
        "CREATE INDEX action_by_object ON action (object)",
        "INSERT INTO totals VALUES (2, 3, 100110)",
        "PRAGMA user_version = 1"
    };

    @Test
    void anIndexOfTheFirstVersionGoesOn() throws Exception {
        TestObject small = TestObject.ofSize(100);
        TestObject large = TestObject.ofSize(SIZE_OF_BLOB);
        TestObject alone = TestObject.ofSize(10);
        disk.close();
        Files.delete(directory.resolve("index.db"));
        Files.createDirectories(blob(large).getParent());
        Files.write(blob(large), large.bytes());
        try (Connection connection = new IndexConnections(directory.resolve("index.db")).writer()) {
            for (String sql : VERSION_1) {
                try (var statement = connection.createStatement()) {
                    statement.executeUpdate(sql);
                }
            }
            insertObject(connection, 1, small, small.bytes());
            insertObject(connection, 2, large, null);
            insertObject(connection, 3, alone, alone.bytes());
            insertAction(connection, 1, small);
            insertAction(connection, 2, large);
        }
        disk = open();
        assertThat(hit(small.action()).entry()).isEqualTo(entry(small));
        assertThat(bytes(hit(small.action()).content())).isEqualTo(small.bytes());
        assertThat(bytes(hit(large.action()).content())).isEqualTo(large.bytes());
        assertThat(bytes(disk.find(alone.output()))).isEqualTo(alone.bytes());
        long bytes = SIZE_OF_BLOB + 110;
        assertThat(disk.usage()).isEqualTo(new Usage(2, 3, bytes, bytes));
        put(TestObject.ofSize(SIZE_OF_BLOB));
        reopen();
        assertThat(disk.usage().objects()).isEqualTo(4);
    }

    @Test
    void whatWasSentBeforeThatCountedIsCounted() throws Exception {
        Namespace team = new Namespace("team");
        TestObject object = TestObject.ofSize(100);
        TestObject led = TestObject.ofSize(20);
        disk.putObject(object.output(), object.size(), object.stream(), team);
        disk.put(
                new Entry(
                        new ActionKey(team, led.action()),
                        led.output(),
                        led.size(),
                        TIME,
                        Provenance.UNKNOWN),
                led.stream(),
                false);
        disk.close();
        try (Connection connection = new IndexConnections(directory.resolve("index.db")).writer();
                var statement = connection.createStatement()) {
            statement.executeUpdate("DROP INDEX sent_by_namespace");
            statement.executeUpdate("INSERT INTO sent SELECT object, namespace FROM action");
            statement.executeUpdate("UPDATE namespace SET bytes = 20 WHERE name = 'team'");
            statement.executeUpdate("PRAGMA user_version = 3");
        }
        disk = open();
        assertThat(disk.bytes(team)).isEqualTo(120);
        assertThat(disk.makeRoom(team, 1000)).isEqualTo(120);
        assertThat(disk.bytes(team)).isZero();
    }

    private static void insertObject(
            Connection connection, int id, TestObject object, byte @Nullable [] data)
            throws Exception {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO object VALUES (?, ?, ?, ?)")) {
            insert.setInt(1, id);
            insert.setBytes(2, object.output().bytes());
            insert.setLong(3, object.size());
            insert.setBytes(4, data);
            insert.executeUpdate();
        }
    }

    private static void insertAction(Connection connection, int id, TestObject object)
            throws Exception {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO action VALUES (?, ?, ?)")) {
            insert.setBytes(1, object.action().bytes());
            insert.setInt(2, id);
            insert.setLong(3, UnixNanos.of(TIME));
            insert.executeUpdate();
        }
    }
}
