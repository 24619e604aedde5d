package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A disk tier in a directory of its own for each test. */
abstract class DiskFixture {

    static final int INLINE_SIZE = TestDisk.INLINE_SIZE;
    static final int SIZE_OF_BLOB = 100_000;
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456789Z");

    static final long MAX_SIZE = 24L << 20;

    final FakeClock clock = new FakeClock(TIME);
    Path directory;
    @AutoClose DiskTier disk;

    @BeforeEach
    void open(@TempDir Path temp) {
        directory = temp.resolve("cache");
        disk = open();
    }

    DiskTier open() {
        return DiskTier.open(TestDisk.settings(directory, MAX_SIZE), clock.clocks());
    }

    /** The index as another program opens it. */
    Connection index() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("index.db"));
    }

    TestObject put(TestObject object) throws ObjectSourceException, TierException {
        disk.put(entry(object), object.stream(), false);
        return object;
    }

    boolean has(TestObject object) throws TierException {
        return disk.get(object.key()) instanceof Lookup.Hit;
    }

    void reopen() {
        disk.close();
        disk = open();
    }

    Lookup.Hit hit(ActionId action) throws TierException {
        return (Lookup.Hit) disk.get(ActionKey.global(action));
    }

    Path blob(TestObject object) {
        String hex = object.output().hex();
        return directory.resolve("blobs").resolve(hex.substring(0, 2)).resolve(hex);
    }

    List<String> tmp() throws IOException {
        return Directories.files(directory.resolve("tmp"));
    }

    static Entry entry(TestObject object) {
        return new Entry(object.action(), object.output(), object.size(), TIME);
    }

    static byte[] bytes(Optional<Content> content) throws IOException {
        return bytes(content.orElseThrow());
    }

    static byte[] bytes(Content content) throws IOException {
        try (InputStream body = content.open()) {
            return body.readAllBytes();
        }
    }
}
