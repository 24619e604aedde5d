package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.DocumentLimits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;

class DocumentFilesTest {

    private static final byte[] DOCUMENT = {1, 2, 3};

    @TempDir private Path directory;

    @Test
    void whatWasWrittenLastIsRead() throws Exception {
        DocumentFiles documents = open(1 << 20);
        assertThat(documents.read("a")).isEmpty();
        documents.write("a", new byte[10_000]);
        documents.write("a", DOCUMENT);
        assertThat(documents.read("a")).hasValue(DOCUMENT);
        assertThat(open(1 << 20).read("a")).hasValue(DOCUMENT);
        assertThat(documents.bytes()).isEqualTo(open(1 << 20).bytes()).isPositive();
    }

    @Test
    void theOnesWrittenLongestAgoGoWhenThereAreTooMany() throws Exception {
        DocumentFiles documents = open(10 * 4096);
        for (int i = 0; i < 10; i++) {
            documents.write("d" + i, DOCUMENT);
            age("d" + i, Duration.ofHours(20 - i));
        }
        assertThat(documents.read("d0")).isPresent();
        documents.write("new", DOCUMENT);
        assertThat(documents.read("d0")).isEmpty();
        assertThat(documents.read("d9")).isPresent();
        assertThat(documents.read("new")).isPresent();
        assertThat(documents.bytes()).isLessThanOrEqualTo(9 * 4096);
    }

    @Test
    void whatOneNamespaceWritesTakesRoomFromNoOtherAndNotFromGlobal() throws Exception {
        DocumentFiles documents = open(100 * 4096);
        for (int i = 0; i < 40; i++) {
            documents.write("d" + i, DOCUMENT);
            age("d" + i, Duration.ofHours(100));
        }
        for (int i = 0; i < 20; i++) {
            documents.write("team/d" + i, DOCUMENT);
            age("team/d" + i, Duration.ofHours(50));
        }
        for (int i = 0; i < 8; i++) {
            documents.write("pr-7/large" + i, new byte[16 * 4096]);
            for (int j = 0; j < 40; j++) {
                assertThat(documents.read("d" + j)).isPresent();
            }
            for (int j = 0; j < 20; j++) {
                assertThat(documents.read("team/d" + j)).isPresent();
            }
        }
        assertThat(documents.read("pr-7/large7")).isPresent();
        assertThat(documents.bytes()).isLessThanOrEqualTo(100 * 4096);
        assertThat(open(1 << 20).bytes()).isEqualTo(documents.bytes());
    }

    @Test
    void globalTakesNoRoomFromOthersButWhatTheyDoNotNeed() throws Exception {
        DocumentFiles documents = open(100 * 4096);
        for (int i = 0; i < 40; i++) {
            documents.write("pr-" + i + "/d", DOCUMENT);
            age("pr-" + i + "/d", Duration.ofHours(100));
        }
        for (int i = 0; i < 200; i++) {
            documents.write("d" + i, DOCUMENT);
        }
        for (int i = 0; i < 40; i++) {
            assertThat(documents.read("pr-" + i + "/d")).isPresent();
        }
        assertThat(documents.bytes()).isBetween(90L * 4096, 100L * 4096);
    }

    @Test
    void aNamespaceThatHasNothingLeftLeavesNoFolder() throws Exception {
        DocumentFiles documents = open(10 * 4096);
        documents.write("pr-1/d", new byte[9 * 4096]);
        documents.write("pr-2/d", new byte[2 * 4096]);
        assertThat(directory.resolve("profiles/pr-1")).doesNotExist();
        assertThat(documents.read("pr-2/d")).isPresent();
        documents.write("pr-1/d", DOCUMENT);
        assertThat(documents.read("pr-1/d")).isPresent();
    }

    @Test
    void anOldOneIsReadAsLongAsThereIsRoom() throws Exception {
        DocumentFiles documents = open(1 << 20);
        documents.write("old", DOCUMENT);
        age("old", Duration.ofDays(60));
        documents.write("new", DOCUMENT);
        assertThat(documents.read("old")).hasValue(DOCUMENT);
    }

    @Test
    void whatAProcessDidNotFinishGoes() throws Exception {
        Files.createDirectories(directory.resolve("profiles"));
        Path unfinished = Files.write(directory.resolve("profiles/x.tmp"), DOCUMENT);
        open(1 << 20).write("a", DOCUMENT);
        assertThat(unfinished).doesNotExist();
    }

    private DocumentFiles open(long maxBytes) {
        return new DocumentFiles(directory.resolve("profiles"), new DocumentLimits(maxBytes));
    }

    private void age(String name, Duration age) throws Exception {
        Files.setLastModifiedTime(
                directory.resolve("profiles").resolve(name),
                FileTime.from(InstantSource.system().instant().minus(age)));
    }
}
