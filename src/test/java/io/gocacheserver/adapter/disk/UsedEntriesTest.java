package io.gocacheserver.adapter.disk;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

class UsedEntriesTest {

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void withoutAMarkAllEntriesCountInTheOrderOfUse() throws Exception {
        put("b", Duration.ofDays(2));
        put("a", Duration.ofDays(1));
        put("c", Duration.ofDays(3));

        assertThat(used().list()).containsExactly(action("c"), action("b"), action("a"));
    }

    @Test
    void whatWasThereBeforeTheMarkDoesNotCount() throws Exception {
        put("old", Duration.ofDays(1));
        put("just now", Duration.ZERO);
        used().mark();
        now = now.plusSeconds(5);

        assertThat(used().list()).isEmpty();
    }

    @Test
    void whatIsReadOrWrittenAfterTheMarkCounts() throws Exception {
        put("read", Duration.ofMinutes(5));
        put("left", Duration.ofMinutes(5));
        used().mark();
        now = now.plusSeconds(5);
        assertThat(disk().get(action("read"))).isNotNull();
        now = now.plusSeconds(5);
        put("written", Duration.ZERO);

        assertThat(used().list()).containsExactly(action("read"), action("written"));
    }

    @Test
    void aMarkCanBeSetAgain() throws Exception {
        used().mark();
        now = now.plus(Duration.ofDays(1));
        put("a", Duration.ZERO);
        used().mark();

        assertThat(used().list()).isEmpty();
    }

    @Test
    void otherFilesAreNoEntries() throws Exception {
        Files.createDirectories(directory.resolve("0a"));
        Files.writeString(directory.resolve("0a/not-an-id-a"), "x");
        Files.writeString(directory.resolve("0a/" + "0a".repeat(32) + "-d"), "x");

        assertThat(used().list()).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeMarkedIsSaidToBe() throws Exception {
        Files.writeString(directory.resolve("go-cache-adapter"), "a file");

        assertThatThrownBy(() -> used().mark())
                .isInstanceOf(LocalDiskException.class)
                .hasMessageContaining("go-cache-adapter");
    }

    private UsedEntries used() {
        return disk().usedEntries();
    }

    private NativeCache disk() {
        return new NativeCache(directory.toString(), "1", () -> now);
    }

    /** An entry that was last used that long ago. */
    private void put(String name, Duration age) throws Exception {
        byte[] content = bytes(name);
        NativeCache disk = disk();
        StagedObject staged = disk.stage(output(content), content.length);
        staged.write(content, 0, content.length);
        disk.commit(staged, action(name), 1);
        String id = action(name).hex();
        Files.setLastModifiedTime(
                directory.resolve(id.substring(0, 2)).resolve(id + "-a"),
                FileTime.from(now.minus(age)));
    }
}
