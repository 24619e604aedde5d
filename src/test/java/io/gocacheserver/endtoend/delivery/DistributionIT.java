package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The adapter's archives, as the build makes them. */
class DistributionIT {

    private static final long LARGEST = 40_000_000;

    private final Path archives = Path.of(property("adapter.archives")).toAbsolutePath();
    private final String name = "go-cache-adapter-" + property("adapter.version");

    @Test
    void theOneWithARuntimeHasAllThatItNeedsAndNoMore() throws IOException {
        Path archive = withRuntime();

        assertThat(Files.size(archive)).isLessThan(LARGEST);
        List<String> files = files(archive);
        String top = archive.getFileName().toString().replace(".tar.gz", "");
        assertThat(files)
                .allMatch(file -> file.startsWith(top + "/"))
                .contains(
                        top + "/bin/go-cache-adapter",
                        top + "/lib/go-cache-adapter.jar",
                        top + "/lib/zstd-jni.jar",
                        top + "/licences/go-cache-adapter.txt",
                        top + "/licences/zstd-jni.txt",
                        top + "/licences/zstd.txt",
                        top + "/runtime/bin/java",
                        top + "/runtime/legal/java.base/LICENSE")
                .anyMatch(file -> file.matches(".*/lib/go-cache-adapter-25\\S*\\.jsa"))
                .noneMatch(file -> file.endsWith(".h") || file.contains("/man/"));
        assertThat(files.stream().filter(file -> file.contains("/libzstd-jni-"))).hasSize(1);
    }

    @Test
    void theOneForAnyPlatformHasNothingOfOne() {
        assertThat(files(archives.resolve(name + "-any.tar.gz")))
                .contains(name + "-any/bin/go-cache-adapter")
                .noneMatch(file -> file.contains("/runtime/") || file.endsWith(".jsa"))
                .filteredOn(file -> file.contains("/libzstd-jni-"))
                .hasSize(4);
    }

    @Test
    void packedAgainElsewhereTheyHaveTheSameBytes(@TempDir Path temp) throws IOException {
        Path again = Files.createDirectory(temp.resolve("again"));
        Path home = archives.resolve("go-cache-adapter");
        run(temp, "cp", "-pR", home.toString(), "home");

        run(
                temp,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of("src/build/PackAdapter.java").toAbsolutePath().toString(),
                "home",
                "work",
                "again",
                "embedded",
                property("adapter.version"),
                property("adapter.time"));

        for (Path archive : List.of(withRuntime(), archives.resolve(name + "-any.tar.gz"))) {
            String file = archive.getFileName().toString();
            assertThat(again.resolve(file)).hasSameBinaryContentAs(archive);
            assertThat(again.resolve(file + ".sha256"))
                    .hasContent(Sha256.hex(Files.newInputStream(archive)) + "  " + file + "\n");
        }
    }

    private Path withRuntime() throws IOException {
        try (var found = Files.newDirectoryStream(archives, name + "-{linux,darwin}-*.tar.gz")) {
            return found.iterator().next();
        }
    }

    private static List<String> files(Path archive) {
        String tar = Program.TAR.path().toString();
        return run(Path.of("").toAbsolutePath(), tar, "-tzf", archive.toString()).lines().toList();
    }

    private static String run(Path directory, String... command) {
        try (ChildProcess process = ChildProcess.start(directory, Map.of(), List.of(command))) {
            assertThat(process.awaitExit()).as(process.stderr()).isZero();
            return process.stdout();
        }
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
