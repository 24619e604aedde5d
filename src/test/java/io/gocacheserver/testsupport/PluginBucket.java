package io.gocacheserver.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** A bucket that the real go-cache-plugin wrote. */
public final class PluginBucket {

    public static final int ACTIONS = 121;
    public static final int OBJECTS = 91;

    private static final Path ARCHIVE = Path.of("src/test/fixtures/go-cache-plugin-bucket.tar.xz");

    private PluginBucket() {}

    /** Puts its files, whose paths are the keys, into a folder. */
    public static void unpack(Path folder) throws IOException, InterruptedException {
        Program.XZ.path(); // which tar runs
        Process tar =
                new ProcessBuilder(
                                Program.TAR.path().toString(),
                                "-xJf",
                                ARCHIVE.toString(),
                                "-C",
                                folder.toString())
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).as("exit code of tar").isZero();
    }
}
