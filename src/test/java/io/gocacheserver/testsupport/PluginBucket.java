package io.gocacheserver.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A bucket that the real go-cache-plugin wrote. */
public final class PluginBucket {

    public static final int ACTIONS = 121;
    public static final int OBJECTS = 91;

    private static final String ARCHIVE = "go-cache-plugin-bucket.tar.xz";

    private PluginBucket() {}

    /** Puts its files, whose paths are the keys, into a folder. */
    public static void unpack(Path folder) throws IOException, InterruptedException {
        Path archive =
                Path.of(
                                Objects.requireNonNullElse(
                                        System.getenv("FIXTURES"), "../shared/fixtures"),
                                ARCHIVE)
                        .toAbsolutePath();
        Requirements.need(
                Files.isReadable(archive),
                "no bucket of go-cache-plugin",
                "set FIXTURES to the folder that has " + ARCHIVE);
        Program.XZ.path(); // which tar runs
        Process tar =
                new ProcessBuilder(
                                Program.TAR.path().toString(),
                                "-xJf",
                                archive.toString(),
                                "-C",
                                folder.toString())
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).as("exit code of tar").isZero();
    }
}
