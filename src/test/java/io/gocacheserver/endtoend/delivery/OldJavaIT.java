package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.testsupport.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Both jars, started by a Java that is too old for them. */
class OldJavaIT {

    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_8 = 52;

    @TempDir private Path temp;

    @ParameterizedTest
    @CsvSource({"go-cache-server.jar", "go-cache-adapter/lib/go-cache-adapter.jar"})
    void eachJarBeginsWithAClassThatAnOldJavaReads(String jar) throws IOException {
        try (JarFile file = new JarFile(path(jar).toFile())) {
            String main = file.getManifest().getMainAttributes().getValue("Main-Class");
            var entry = file.getEntry(main.replace('.', '/') + ".class");
            try (DataInputStream in = new DataInputStream(file.getInputStream(entry))) {
                assertThat(in.readInt()).isEqualTo(MAGIC);
                assertThat(in.readInt()).isEqualTo(JAVA_8);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "go-cache-server.jar, go-cache-server",
        "go-cache-adapter/lib/go-cache-adapter.jar, go-cache-adapter"
    })
    void anOldJavaSaysWhichOneIsNeeded(String jar, String program) throws IOException {
        Path home = oldJava();

        try (ChildProcess process = start(home.resolve("bin/java"), jar)) {
            assertThat(process.awaitExit()).isEqualTo(1);
            assertThat(process.stderr())
                    .startsWith(program + " needs Java 25 or newer, and this is Java ")
                    .contains(" (" + home.toRealPath())
                    .hasLineCount(1);
            assertThat(process.stdout()).isEmpty();
        }
    }

    @Test
    void aNewJavaStartsTheAdapter() {
        Path java = Path.of(System.getProperty("java.home"), "bin/java");
        try (ChildProcess process =
                start(java, "go-cache-adapter/lib/go-cache-adapter.jar", "--version")) {
            assertThat(process.awaitExit()).isZero();
            assertThat(process.stdout()).startsWith("go-cache-adapter ");
        }
    }

    private ChildProcess start(Path java, String jar, String... arguments) {
        List<String> command = List.of(java.toString(), "-jar", path(jar).toString());
        return ChildProcess.start(
                temp, Map.of(), Stream.concat(command.stream(), Stream.of(arguments)).toList());
    }

    private static Path oldJava() throws IOException {
        List<Path> found = List.of();
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> homes = Files.list(installed)) {
                found =
                        homes.filter(home -> home.toString().matches(".*\\b(8|11|17|21)\\b.*"))
                                .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                                .sorted()
                                .toList();
            }
        }
        Requirements.need(!found.isEmpty(), "no old Java", "install openjdk-17-jre-headless");
        return found.getFirst();
    }

    private static Path path(String jar) {
        return Path.of(Objects.requireNonNull(System.getProperty("adapter.archives")), jar)
                .toAbsolutePath();
    }
}
