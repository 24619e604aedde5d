package io.gocacheserver.adapter.disk;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Each entry takes 96 KiB for its object and 4 KiB for its action: ten of them 1,000 KiB. */
class SizeLimitTest {

    private static final int OBJECT_BYTES = 96 * 1024;
    private static final long ENTRY_BYTES = 100 * 1024;

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void removesTheLeastRecentlyUsedDownToNineTenths() throws IOException {
        for (int i = 0; i < 10; i++) {
            put(i, Duration.ofHours(3 + i));
        }
        limit(ENTRY_BYTES * 5).enforceIfDue(0);

        assertThat(kept()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void removesNothingBelowTheLimit() throws IOException {
        put(0, Duration.ofDays(3));
        limit(ENTRY_BYTES).enforceIfDue(0);

        assertThat(kept()).containsExactly(0);
        assertThat(directory.resolve("go-cache-adapter/size"))
                .hasContent(now.toEpochMilli() + " " + ENTRY_BYTES);
    }

    @Test
    void takesOnlyAsMuchAsNeededOfWhatIsEquallyOld() throws IOException {
        for (int i = 0; i < 10; i++) {
            put(i, Duration.ofHours(30));
        }
        limit(ENTRY_BYTES * 9).enforceIfDue(0);

        assertThat(kept()).hasSizeBetween(6, 9);
    }

    @Test
    void keepsWhatABuildMayUseNowWhateverItsSize() throws IOException {
        for (int i = 0; i < 5; i++) {
            put(i, Duration.ofMinutes(119));
        }
        put(5, Duration.ofMinutes(121));
        limit(1).enforceIfDue(0);

        assertThat(kept()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void removesAnExecutablesDirectoryWhole() throws IOException {
        Path program = directory.resolve("00").resolve("0".repeat(64) + "-d");
        Files.createDirectories(program);
        Files.write(program.resolve("tool"), new byte[OBJECT_BYTES]);
        Files.setLastModifiedTime(program, FileTime.from(now.minus(Duration.ofDays(2))));
        limit(1).enforceIfDue(0);

        assertThat(program).doesNotExist();
    }

    @Test
    void leavesEverythingElseAlone() throws IOException {
        Path readme = Files.write(directory.resolve("README"), new byte[OBJECT_BYTES]);
        Path fuzz = directory.resolve("fuzz/example-d");
        Files.createDirectories(fuzz.getParent());
        Files.write(fuzz, new byte[OBJECT_BYTES]);
        Files.setLastModifiedTime(readme, FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(fuzz, FileTime.from(Instant.EPOCH));
        put(0, Duration.ofDays(1));
        limit(1).enforceIfDue(0);

        assertThat(kept()).isEmpty();
        assertThat(readme).exists();
        assertThat(fuzz).exists();
    }

    @Test
    void doesNotMeasureAgainUntilMoreWasAddedOrAnHourIsOver() throws IOException {
        limit(ENTRY_BYTES * 2).enforceIfDue(0);
        put(0, Duration.ofDays(1));
        put(1, Duration.ofDays(1));
        put(2, Duration.ofDays(1));

        later(Duration.ofMinutes(59));
        limit(ENTRY_BYTES * 2).enforceIfDue(ENTRY_BYTES);
        assertThat(kept()).hasSize(3);

        limit(ENTRY_BYTES * 2).enforceIfDue(ENTRY_BYTES + 1);
        assertThat(kept()).hasSizeLessThan(3);

        put(0, Duration.ofDays(1));
        put(1, Duration.ofDays(1));
        put(2, Duration.ofDays(1));
        later(Duration.ofMinutes(61));
        limit(ENTRY_BYTES * 2).enforceIfDue(0);
        assertThat(kept()).hasSizeLessThan(3);
    }

    @Test
    void measuresAtMostEveryTenMinutes() throws IOException {
        limit(1).enforceIfDue(0);
        put(0, Duration.ofDays(1));

        later(Duration.ofMinutes(9));
        limit(1).enforceIfDue(ENTRY_BYTES);
        assertThat(kept()).hasSize(1);

        later(Duration.ofMinutes(1));
        limit(1).enforceIfDue(0);
        assertThat(kept()).isEmpty();
    }

    @Test
    void measuresInSpiteOfADamagedFile() throws IOException {
        put(0, Duration.ofDays(1));
        Files.createDirectories(directory.resolve("go-cache-adapter"));
        Files.writeString(directory.resolve("go-cache-adapter/size"), "x".repeat(200));
        limit(1).enforceIfDue(0);

        assertThat(kept()).isEmpty();
        assertThat(directory.resolve("go-cache-adapter/size"))
                .hasContent(now.toEpochMilli() + " 0");
    }

    @Test
    void leavesTheWorkToWhoHoldsTheLock() throws IOException {
        put(0, Duration.ofDays(1));
        Files.createDirectories(directory.resolve("go-cache-adapter"));
        try (FileChannel channel =
                        FileChannel.open(
                                directory.resolve("go-cache-adapter/size"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            limit(1).enforceIfDue(0);
            assertThat(lock.isValid()).isTrue();
            assertThat(kept()).hasSize(1);
        }
        limit(1).enforceIfDue(0);
        assertThat(kept()).isEmpty();
    }

    private SizeLimit limit(long maxSize) {
        return new SizeLimit(new CacheLayout(directory.toString(), "1"), maxSize, () -> now);
    }

    private void later(Duration duration) {
        now = now.plus(duration);
    }

    private void put(int number, Duration unusedFor) throws IOException {
        NativeCache cache = new NativeCache(directory.toString(), "1", () -> now);
        try (StagedObject staged = cache.stage(output(object(number)), OBJECT_BYTES)) {
            staged.write(object(number), 0, OBJECT_BYTES);
            cache.commit(staged, action("" + number), 1);
        }
        FileTime used = FileTime.from(now.minus(unusedFor));
        Files.setLastModifiedTime(file(output(object(number)).hex(), "-d"), used);
        Files.setLastModifiedTime(file(action("" + number).hex(), "-a"), used);
    }

    private int[] kept() {
        int[] kept = new int[10];
        int count = 0;
        for (int i = 0; i < kept.length; i++) {
            if (Files.exists(file(output(object(i)).hex(), "-d"))) {
                kept[count++] = i;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private Path file(String hex, String suffix) {
        return directory.resolve(hex.substring(0, 2)).resolve(hex + suffix);
    }

    private static byte[] object(int number) {
        byte[] object = new byte[OBJECT_BYTES];
        object[0] = (byte) number;
        return object;
    }
}
