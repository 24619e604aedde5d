package io.gocacheserver.disk;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.disk.blobs.UnusableDirectoryException;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

class CacheDirectoryTest extends DiskFixture {

    @Test
    void whatAProcessThatDiedLeftInTmpIsSweptAtOpen() throws Exception {
        disk.close();
        Files.write(directory.resolve("tmp/put-1"), new byte[1000]);
        disk = TestDisk.open(directory);
        assertThat(tmp()).isEmpty();
    }

    @Test
    void aSecondOpenerOfADirectoryIsToldWhy() {
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(directory).close())
                .withMessageContaining(directory.toString())
                .withMessageContaining("another process uses it");
    }

    @Test
    void theFirstOpenerIsNotDisturbedByTheSecond() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Path halfWritten = Files.write(directory.resolve("tmp/put-99"), new byte[10]);
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(directory).close());
        assertThat(halfWritten).exists();
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void aPathThatIsAFileIsRefusedWithItsName(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "not a directory");
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(file).close())
                .withMessageContaining(file.toString());
    }

    @Test
    void whoStartsTheServiceIsToldWhatToDoAboutIt() {
        var refused = new UnusableDirectoryException(directory, "read-only", new IOException());
        FailureAnalysis analysis =
                Objects.requireNonNull(new UnusableDirectoryAnalyzer().analyze(refused));
        assertThat(analysis.getDescription()).contains(directory.toString(), "read-only");
        assertThat(analysis.getAction())
                .contains("cache-server.disk.path", "CACHESERVER_DISK_PATH");
    }

    @Test
    void anIndexOfANewerProgramIsRefused() throws Exception {
        disk.close();
        try (var connection = index();
                var statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA user_version = 4711");
        }
        assertThatExceptionOfType(UnusableDirectoryException.class)
                .isThrownBy(() -> TestDisk.open(directory).close())
                .withMessageContaining("version 4711")
                .withMessageContaining("written by a newer one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRAGMA user_version = 1",
                "ALTER TABLE action RENAME COLUMN used TO unused"
            })
    void anIndexOfAnOlderProgramIsSetAsideAndTheCacheStartsAgain(String change) throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        disk.close();
        try (var connection = index();
                var statement = connection.createStatement()) {
            statement.executeUpdate(change);
        }
        disk = open();
        assertThat(directory.resolve("damaged-index.db")).isNotEmptyFile();
        await().until(() -> disk.find(object.output()).isPresent());
        assertThat(disk.get(object.key())).isInstanceOf(Lookup.Miss.class);
        put(object);
        reopen();
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void whereBlobsCannotBeWrittenAPutFailsAndSmallOnesGoOn() throws Exception {
        TestObject large = TestObject.ofSize(SIZE_OF_BLOB);
        Files.delete(directory.resolve("blobs"));
        Files.writeString(directory.resolve("blobs"), "in the way");
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(() -> put(large))
                .withMessageContaining(large.action().hex());
        assertThat(tmp()).isEmpty();
        assertThat(disk.get(large.key())).isInstanceOf(Lookup.Miss.class);
        TestObject small = put(TestObject.ofSize(10));
        assertThat(bytes(hit(small.action()).content())).isEqualTo(small.bytes());
    }

    @Test
    void aHealthyDiskPassesItsCheckAndIsLeftAsItWas() throws Exception {
        disk.check();
        assertThat(tmp()).isEmpty();
    }

    @Test
    void aDiskThatCannotBeWrittenFailsItsCheckAndStillAnswers() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.delete(directory.resolve("tmp"));
        Files.writeString(directory.resolve("tmp"), "in the way");
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(() -> disk.check())
                .withMessageContaining("cannot be written")
                .withMessageContaining(directory.toString());
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void aDirectoryForTemporaryFilesThatIsDeletedIsMadeAgain() throws Exception {
        TestObject object = put(TestObject.ofSize(SIZE_OF_BLOB));
        Files.delete(directory.resolve("tmp"));
        await().until(() -> Files.isDirectory(directory.resolve("tmp")));
        put(TestObject.ofSize(SIZE_OF_BLOB));
        assertThat(bytes(hit(object.action()).content())).isEqualTo(object.bytes());
    }

    @Test
    void closingTwiceIsClosingOnce() {
        disk.close();
        disk.close();
    }

    @Test
    void afterCloseEveryCallIsAnErrorAndNoneHangs() throws Exception {
        TestObject object = put(TestObject.ofSize(10));
        disk.close();
        assertThatExceptionOfType(TierException.LocalRead.class)
                .isThrownBy(() -> disk.get(object.key()))
                .withMessageContaining("closed");
        assertThatExceptionOfType(TierException.LocalRead.class)
                .isThrownBy(() -> disk.find(object.output()));
        assertThatExceptionOfType(TierException.LocalWrite.class)
                .isThrownBy(() -> put(object))
                .withMessageContaining("closed");
    }
}
