package io.gocacheserver.adapter.disk;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Executables in the cache directory. */
class ExecutableEntryTest {

    private static final ActionId LINK = action("link");
    private static final byte[] SCRIPT = bytes("#!/bin/sh\necho ran as $(basename $0)\n");
    private static final OutputId OUTPUT = output(SCRIPT);

    @TempDir private Path directory;

    @Test
    void isAFileThatMayBeRunInADirectoryOfItsOwn() throws Exception {
        CachedObject stored = put(SCRIPT, "gen");

        assertThat(Path.of(stored.path())).isEqualTo(entry().resolve("gen"));
        assertThat(run(stored.path())).isEqualTo("ran as gen\n");
        assertThat(cache().get(LINK)).isEqualTo(stored);
        assertThat(cache().getToSend(LINK)).isEqualTo(stored);
        assertThat(files()).containsExactlyInAnyOrder(entry().resolve("gen"), actionFile());
    }

    @Test
    void mayBeRunByThoseWhoMayReadIt() throws IOException {
        Path plain = Files.write(directory.resolve("plain"), SCRIPT);
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-r-----"));

        ExecutableEntry.letRun(plain);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(plain)))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void withoutANameIsNotStored() throws IOException {
        assertThatExceptionOfType(NamelessExecutableException.class)
                .isThrownBy(() -> put(SCRIPT, null))
                .withMessageContaining(OUTPUT.hex());
        assertThat(files()).isEmpty();
    }

    @Test
    void isRecognisedThoughItComesByteForByte() throws IOException {
        try (StagedObject staged = cache().stage(OUTPUT, SCRIPT.length)) {
            for (int i = 0; i < SCRIPT.length; i++) {
                staged.write(SCRIPT, i, 1);
            }
            CachedObject stored = cache().commit(staged, LINK, 1);
            assertThat(Path.of(stored.path())).isEqualTo(entry().resolve("program")).isExecutable();
        }
    }

    @Test
    void asAPlainFileIsAMissAndGoes() throws IOException {
        putPlain();

        assertThat(cache().get(LINK)).isNull();
        assertThat(entry()).doesNotExist();
    }

    @Test
    void takesThePlaceOfAPlainFile() throws IOException {
        putPlain();

        assertThat(Path.of(put(SCRIPT, "gen").path())).isEqualTo(entry().resolve("gen"));
    }

    @Test
    void takesThePlaceOfWhatTheGoCommandCannotUse() throws IOException {
        Files.createDirectories(entry());
        Files.write(entry().resolve("gen"), SCRIPT);
        Files.write(entry().resolve("other"), SCRIPT);

        Path stored = Path.of(put(SCRIPT, "gen").path());

        assertThat(entry()).isDirectoryNotContaining(file -> !file.equals(stored));
        assertThat(stored).isExecutable();
    }

    @Test
    void keepsTheNameThatTheGoCommandHasGivenIt() throws IOException {
        Files.createDirectories(entry());
        Files.write(entry().resolve("native"), SCRIPT);

        Path stored = Path.of(put(SCRIPT, "gen").path());

        assertThat(stored).isEqualTo(entry().resolve("native")).isExecutable();
        assertThat(files()).containsExactlyInAnyOrder(stored, actionFile());
    }

    @Test
    void mayBeRunAgainAfterACopyWithoutPermissions() throws IOException {
        Path stored = Path.of(put(SCRIPT, "gen").path());
        Files.setPosixFilePermissions(stored, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(cache().get(LINK)).isNotNull();
        assertThat(stored).isExecutable();
    }

    @Test
    void thatOtherMachinesWouldNotRecogniseIsNotSent() throws IOException {
        byte[] program = bytes("an executable of a rare system");
        Path plain = Path.of(put(program, "gen").path());
        assertThat(cache().getToSend(LINK)).isNotNull();
        Files.delete(plain);
        Files.createDirectory(plain);
        Files.write(plain.resolve("gen"), program);
        assertThat(plain.resolve("gen").toFile().setExecutable(true)).isTrue();

        assertThat(cache().get(LINK)).isNotNull();
        assertThat(cache().getToSend(LINK)).isNull();
    }

    @Test
    void whereBuildsWithoutTheAdapterFollowPlainOnesGo() throws IOException {
        putPlain();
        Path other = Path.of(put(bytes("an object"), "gen").path());
        Path inTheMaking = Files.write(entry().resolveSibling(OUTPUT + ".1.tmp-d"), SCRIPT);
        Path foreign = Files.write(entry().resolveSibling("README"), SCRIPT);

        cache().removePlainExecutables();

        assertThat(entry()).doesNotExist();
        assertThat(other).exists();
        assertThat(inTheMaking).exists();
        assertThat(foreign).exists();
    }

    private NativeCache cache() {
        return new NativeCache(directory.toString(), "1", InstantSource.system());
    }

    private CachedObject put(byte[] object, @Nullable String name) throws IOException {
        return put(cache(), object, name);
    }

    private static CachedObject put(NativeCache cache, byte[] object, @Nullable String name)
            throws IOException {
        try (StagedObject staged = cache.stage(output(object), object.length)) {
            staged.write(object, 0, object.length);
            return cache.commit(staged, LINK, 1, () -> name);
        }
    }

    /** As the adapter did at version 0.1.0. */
    private void putPlain() throws IOException {
        put(SCRIPT, "gen");
        Files.delete(entry().resolve("gen"));
        Files.delete(entry());
        Files.write(entry(), SCRIPT);
    }

    private static String run(String file) throws Exception {
        Process process = new ProcessBuilder(file).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return printed;
    }

    private Path entry() {
        return directory.resolve(OUTPUT.hex().substring(0, 2)).resolve(OUTPUT + "-d");
    }

    private Path actionFile() {
        return directory.resolve(LINK.hex().substring(0, 2)).resolve(LINK + "-a");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
