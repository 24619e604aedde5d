package io.gocacheserver.adapter.disk;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import static java.nio.file.Files.exists;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

class NativeCacheTest {

    private static final ActionId ACTION = action("compile");
    private static final byte[] OBJECT = bytes("an object");
    private static final OutputId OUTPUT = output(OBJECT);

    @TempDir private Path directory;

    private Instant now = Instant.now();

    @Test
    void findsWhatWasPut() throws IOException {
        CachedObject stored = put(ACTION, OBJECT, 1_234);

        assertThat(cache().get(ACTION)).isEqualTo(stored);
        assertThat(Path.of(stored.path())).isEqualTo(objectFile()).hasBinaryContent(OBJECT);
        assertThat(files()).containsExactlyInAnyOrder(objectFile(), actionFile());
    }

    @Test
    void writesTheActionFileAsTheGoCommandDoes() throws IOException {
        put(ACTION, OBJECT, 1_234);

        assertThat(actionFile())
                .hasContent(
                        "v1 "
                                + ACTION
                                + ' '
                                + OUTPUT
                                + " ".repeat(20)
                                + "9"
                                + " ".repeat(17)
                                + "1234\n");
        assertThat(Files.size(actionFile())).isEqualTo(175);
    }

    @Test
    void findsNothingInAnEmptyDirectory() {
        assertThat(cache().get(ACTION)).isNull();
    }

    @Test
    void keepsEmptyObjects() throws IOException {
        CachedObject stored = put(ACTION, new byte[0], 1);

        assertThat(cache().get(ACTION)).isEqualTo(stored);
        assertThat(Path.of(stored.path())).isEmptyFile();
    }

    @Test
    void refusesAnObjectThatIsShorterThanAnnouncedAndLeavesNothing() throws IOException {
        refuses(OUTPUT, OBJECT.length + 1, OBJECT);
    }

    @Test
    void refusesAnObjectThatIsLongerThanAnnouncedAndLeavesNothing() throws IOException {
        refuses(OUTPUT, OBJECT.length - 1, OBJECT);
    }

    @Test
    void refusesAnObjectOfOtherBytesThanAnnouncedAndLeavesNothing() throws IOException {
        refuses(OUTPUT, OBJECT.length, bytes("an 0bject"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v1 ",
                "v2 A O                    9                 1234\n",
                "v1 B O                    9                 1234\n",
                "v1 A X                    9                 1234\n",
                "v1 A O                   -9                 1234\n",
                "v1 A O                    9                 12.4\n",
                "v1 A O                    9                     \n",
                "v1 A O                    8                 1234\n",
                "v1 A O 99999999999999999999                 1234\n",
                "v1 A O                    9                 1234\nmore"
            })
    void takesADamagedActionFileForAMiss(String content) throws IOException {
        put(ACTION, OBJECT, 1_234);
        Files.writeString(
                actionFile(),
                content.replace("A", ACTION.hex())
                        .replace("B", action("other").hex())
                        .replace("O", OUTPUT.hex())
                        .replace("X", OUTPUT.hex().replace(OUTPUT.hex().charAt(0), 'g')));

        assertThat(cache().get(ACTION)).isNull();
    }

    @Test
    void takesAnObjectOfAnotherSizeOrNoneForAMiss() throws IOException {
        put(ACTION, OBJECT, 1);
        Files.write(objectFile(), bytes("an obj"));
        assertThat(cache().get(ACTION)).isNull();

        Files.delete(objectFile());
        assertThat(cache().get(ACTION)).isNull();
    }

    @Test
    void repairsATruncatedObjectWhenItIsPutAgain() throws IOException {
        put(ACTION, OBJECT, 1);
        Files.write(objectFile(), new byte[0]);

        put(ACTION, OBJECT, 2);

        assertThat(cache().get(ACTION)).isNotNull();
        assertThat(objectFile()).hasBinaryContent(OBJECT);
    }

    @Test
    void answersTheFileWithinAnExecutablesDirectory() throws IOException {
        put(ACTION, OBJECT, 1);
        Path program = makeExecutable("tool", OBJECT);

        assertThat(cache().get(ACTION))
                .extracting(CachedObject::path)
                .isEqualTo(program.toString());
    }

    @Test
    void putsOntoAnExecutablesDirectoryByKeepingTheProgram() throws IOException {
        put(ACTION, OBJECT, 1);
        Path program = makeExecutable("tool", OBJECT);

        assertThat(Path.of(put(action("another"), OBJECT, 2).path())).isEqualTo(program);
    }

    @Test
    void refusesWhatTheDirectoryDoesNotTakeAndLeavesNothing() throws IOException {
        put(ACTION, OBJECT, 1);
        makeExecutable("tool", bytes("an 0bject"));

        assertThatExceptionOfType(LocalDiskException.class)
                .isThrownBy(() -> put(action("another"), OBJECT, 2))
                .withMessageContaining(OUTPUT.hex());
        assertThat(cache().get(action("another"))).isNull();
        assertThat(files()).noneMatch(file -> file.toString().endsWith("tmp-d"));
    }

    @Test
    void refusesAnObjectWhoseActionFileCannotBeWritten() throws IOException {
        String subdirectory = ACTION.hex().substring(0, 2);
        assertThat(OUTPUT.hex()).doesNotStartWith(subdirectory);
        Files.writeString(directory.resolve(subdirectory), "no directory");

        assertThatExceptionOfType(LocalDiskException.class)
                .isThrownBy(() -> put(ACTION, OBJECT, 1));
    }

    @Test
    void worksOnWhenItsDirectoryIsDeleted() throws IOException {
        NativeCache cache = cache();
        put(cache, ACTION, OBJECT, 1);
        FileSystemUtils.deleteRecursively(directory);

        assertThat(cache.get(ACTION)).isNull();
        CachedObject stored = put(cache, ACTION, OBJECT, 2);
        assertThat(cache.get(ACTION)).isEqualTo(stored);
    }

    @Test
    void refreshesTimesOfLastUseAtAnHoursGrain() throws IOException {
        put(ACTION, OBJECT, 1);
        FileTime recent = FileTime.from(now.minus(Duration.ofMinutes(59)));
        FileTime old = FileTime.from(now.minus(Duration.ofMinutes(61)));
        Files.setLastModifiedTime(actionFile(), recent);
        Files.setLastModifiedTime(objectFile(), old);

        assertThat(cache().get(ACTION)).isNotNull();

        assertThat(Files.getLastModifiedTime(actionFile()).toMillis()).isEqualTo(recent.toMillis());
        assertThat(Files.getLastModifiedTime(objectFile()).toMillis())
                .isEqualTo(now.toEpochMilli());
    }

    @Test
    void takesNoObjectOfOthersThatWouldFillTheDisk() throws IOException {
        long room = directory.toFile().getUsableSpace();
        NativeCache cache = cache();
        try (StagedObject staged = cache.stageForeign(OUTPUT, room)) {
            assertThatExceptionOfType(LocalDiskException.class)
                    .isThrownBy(() -> staged.write(OBJECT, 0, 4))
                    .withMessageContaining("no space left for an object of");
        }
        assertThat(files()).isEmpty();
        try (StagedObject staged = cache().stage(OUTPUT, room)) {
            staged.write(OBJECT, 0, 4);
        }
    }

    @Test
    void leavesOfAKilledWriteOnlyWhatTheGoCommandsTrimSweeps() throws IOException {
        StagedObject staged = cache().stage(OUTPUT, OBJECT.length);
        staged.write(OBJECT, 0, 4);

        assertThat(files()).singleElement().asString().endsWith("-d");
        assertThat(cache().get(ACTION)).isNull();

        staged.close();
        assertThat(files()).isEmpty();
    }

    @Test
    void saysWhichFilesCannotBeWritten() throws IOException {
        Files.writeString(directory.resolve(OUTPUT.hex().substring(0, 2)), "no directory");

        assertThatExceptionOfType(LocalDiskException.class)
                .isThrownBy(() -> put(ACTION, OBJECT, 1))
                .withMessageContaining(OUTPUT.hex());
    }

    @Test
    void trimsWhatWasNotUsedForFiveDaysAndAnHour() throws IOException {
        put(ACTION, OBJECT, 1);
        Files.setLastModifiedTime(objectFile(), FileTime.from(now.minus(Duration.ofHours(122))));
        Files.setLastModifiedTime(actionFile(), FileTime.from(now.minus(Duration.ofDays(5))));
        Path readme = Files.writeString(directory.resolve("00-readme"), "mine");
        Files.setLastModifiedTime(readme, FileTime.from(Instant.EPOCH));

        assertThat(cache().trimmer().trimIfDue()).isEqualTo(1);

        assertThat(exists(objectFile())).isFalse();
        assertThat(exists(actionFile())).isTrue();
        assertThat(exists(readme)).isTrue();
        assertThat(directory.resolve("trim.txt")).hasContent("" + now.getEpochSecond());
    }

    @Test
    void trimsAnExecutablesDirectoryWhole() throws IOException {
        put(ACTION, OBJECT, 1);
        makeExecutable("tool", OBJECT);
        Files.setLastModifiedTime(objectFile(), FileTime.from(now.minus(Duration.ofHours(122))));

        assertThat(cache().trimmer().trimIfDue()).isEqualTo(1);
        assertThat(exists(objectFile())).isFalse();
    }

    @Test
    void trimsOnceADay() throws IOException {
        put(ACTION, OBJECT, 1);
        assertThat(cache().trimmer().trimIfDue()).isZero();
        Files.setLastModifiedTime(objectFile(), FileTime.from(Instant.EPOCH));

        now = now.plus(Duration.ofHours(23));
        assertThat(cache().trimmer().trimIfDue()).isZero();
        now = now.plus(Duration.ofHours(2));
        assertThat(cache().trimmer().trimIfDue()).isEqualTo(1);
    }

    @Test
    void trimsNothingWhenTheClockHasLeaptAndADayLaterWhatIsNotUsed() throws IOException {
        put(ACTION, OBJECT, 1);
        cache().trimmer().trimIfDue();

        now = now.plus(Duration.ofDays(60));
        assertThat(cache().trimmer().trimIfDue()).isZero();
        assertThat(cache().get(ACTION)).isNotNull();
        now = now.minus(Duration.ofDays(60));
        assertThat(cache().trimmer().trimIfDue()).isZero();
        assertThat(cache().get(ACTION)).isNotNull();

        now = now.plus(Duration.ofDays(60));
        Files.setLastModifiedTime(actionFile(), FileTime.from(now));
        Files.setLastModifiedTime(objectFile(), FileTime.from(Instant.EPOCH));
        assertThat(cache().trimmer().trimIfDue()).isZero();
        now = now.plus(Duration.ofDays(1));
        assertThat(cache().trimmer().trimIfDue()).isEqualTo(1);
    }

    @Test
    void trimsInSpiteOfADamagedTrimFile() throws IOException {
        put(ACTION, OBJECT, 1);
        Files.writeString(directory.resolve("trim.txt"), "the day before yesterday");
        Files.setLastModifiedTime(objectFile(), FileTime.from(Instant.EPOCH));

        assertThat(cache().trimmer().trimIfDue()).isEqualTo(1);
        assertThat(directory.resolve("trim.txt")).hasContent("" + now.getEpochSecond());
    }

    private void refuses(OutputId output, long size, byte[] bytes) throws IOException {
        try (StagedObject staged = cache().stage(output, size)) {
            assertThatExceptionOfType(ObjectMismatchException.class)
                    .isThrownBy(
                            () -> {
                                staged.write(bytes, 0, bytes.length);
                                cache().commit(staged, ACTION, 1);
                            });
        }
        assertThat(files()).isEmpty();
    }

    private NativeCache cache() {
        InstantSource clock = () -> now;
        return new NativeCache(directory.toString(), "1", clock);
    }

    private CachedObject put(ActionId action, byte[] object, long unixNanos) throws IOException {
        return put(cache(), action, object, unixNanos);
    }

    private static CachedObject put(
            NativeCache cache, ActionId action, byte[] object, long unixNanos) throws IOException {
        try (StagedObject staged = cache.stage(output(object), object.length)) {
            staged.write(object, 0, object.length);
            return cache.commit(staged, action, unixNanos);
        }
    }

    private Path makeExecutable(String name, byte[] content) throws IOException {
        Files.delete(objectFile());
        Files.createDirectory(objectFile());
        return Files.write(objectFile().resolve(name), content);
    }

    private Path objectFile() {
        return directory.resolve(OUTPUT.hex().substring(0, 2)).resolve(OUTPUT + "-d");
    }

    private Path actionFile() {
        return directory.resolve(ACTION.hex().substring(0, 2)).resolve(ACTION + "-a");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
