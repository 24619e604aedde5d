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
