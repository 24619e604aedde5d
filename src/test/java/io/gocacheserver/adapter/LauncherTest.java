package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Waiting;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher with Javas that only say that they were started. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir private Path directory;

    private Path launcher = Path.of("");

    @BeforeEach
    void install() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("with blanks/adapter/bin"));
        launcher =
                Files.copy(
                        Path.of("src/main/launcher/go-cache-adapter"),
                        bin.resolve("go-cache-adapter"),
                        StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void prefersTheJavaThatIsNamedForIt() throws Exception {
        Path mine = java("mine", "25.0.1");
        Path other = java("other", "26");

        assertThat(
                        run(
                                launcher,
                                Map.of(
                                        "GO_CACHE_ADAPTER_JAVA_HOME", mine.toString(),
                                        "JAVA_HOME", other.toString())))
                .contains("started mine")
                .contains("--server http://c");
    }

    /** The Go command asks again after each 404, and waits for the answer. */
    @Test
    void isAskedForATokenWithoutAJavaUnlessOneWasRefused() throws Exception {
        Map<String, String> settings =
                Map.of("GO_CACHE_ADAPTER_JAVA_HOME", java("mine", "25.0.1").toString());
        String url = "https://cache/mod/x";
        assertThat(run(launcher, settings, "HTTP/1.1 404 Not Found\n\n", "goauth", url))
                .isEqualTo("exit 0");
        assertThat(run(launcher, settings, "HTTP/1.1 401 Unauthorized\n\n", "goauth", url))
                .contains("started mine");
        assertThat(run(launcher, settings, "", "goauth")).contains("started mine");
        assertThat(run(launcher, settings, "", "goauth", "--server", "https://cache"))
                .contains("started mine");
    }

    @Test
    void failsWhenTheJavaThatIsNamedForItIsTooOld() throws Exception {
        Path old = java("old", "21.0.5");

        assertThat(run(launcher, Map.of("GO_CACHE_ADAPTER_JAVA_HOME", old.toString())))
                .contains("no Java 25 or newer")
                .endsWith("exit 1");
    }

    @Test
    void prefersABundledRuntimeToJavaHome() throws Exception {
        Path other = java("other", "26");
        Files.move(java("bundled", "25"), launcher.resolveSibling("../runtime").normalize());

        assertThat(run(launcher, Map.of("JAVA_HOME", other.toString())))
                .contains("started bundled");
    }

    @Test
    void passesOverAnOldJavaHomeForTheJavaOnPathBehindSymbolicLinks() throws Exception {
        Path old = java("old", "1.8.0_412");
        Path fresh = java("fresh", "27-ea");
        Path path = Files.createDirectories(directory.resolve("path"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), fresh.resolve("bin/java"));
        Files.createSymbolicLink(path.resolve("java"), Path.of("../link"));
        assertThat(link).exists();

        assertThat(
                        run(
                                launcher,
                                Map.of(
                                        "JAVA_HOME",
                                        old.toString(),
                                        "PATH",
                                        path + ":/usr/bin:/bin")))
                .contains("started fresh");
    }

    @Test
    void worksThroughASymbolicLink() throws Exception {
        Path mine = java("mine", "25");
        Path link = Files.createSymbolicLink(directory.resolve("adapter link"), launcher);

        assertThat(run(link, Map.of("JAVA_HOME", mine.toString())))
                .contains("started mine")
                .contains("adapter/bin/../lib/go-cache-adapter.jar");
    }

    @Test
    void namesTheZstdLibraryForThePlatformOfTheJava() throws Exception {
        Path mine = java("mine", "25");
        Path natives =
                Files.createDirectories(launcher.resolveSibling("../lib/native").normalize());
        Files.createFile(natives.resolve("libzstd-jni-Linux-x86_64"));
        Files.createFile(natives.resolve("libzstd-jni-Linux-aarch64"));

        assertThat(run(launcher, Map.of("JAVA_HOME", mine.toString())))
                .contains("--enable-native-access=ALL-UNNAMED")
                .containsPattern(
                        "-DZstdNativePath=\\S+ blanks/\\S+native/libzstd-jni-Linux-aarch64 ")
                .containsPattern("/lib/go-cache-adapter.jar:\\S+ blanks/\\S+/lib/zstd-jni.jar");
    }

    @Test
    void namesNoZstdLibraryWhereThereIsNoneForThePlatform() throws Exception {
        Path mine = java("mine", "25");

        assertThat(run(launcher, Map.of("JAVA_HOME", mine.toString())))
                .contains("started mine")
                .doesNotContain("ZstdNativePath");
    }

    /** The tool that connects is a stand-in, which does to the session file what the resident process would do. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource(
            delimiter = '|',
            value = {
                "true                                            | started mine | 0",
                "rm SOCKET.$$.session                            | was killed, and the build with it: run the build again | 1",
                "rm SOCKET.$$.session; echo end >/proc/$$/fd/9   | was killed, and the build with it: run the build again | 1",
                "rm SOCKET.$$.session; echo ended >/proc/$$/fd/9 | close        | 0"
            })
    void readsTheGoCommandOnlyIfTheResidentProcessDidNot(String connect, String says, int exitCode)
            throws Exception {
        Path mine = java("mine", "25");
        Path socket = directory.resolve("socket");
        Path tool = Files.writeString(directory.resolve("connect"), script(connect, socket));
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        Files.writeString(directory.resolve("socket.connect"), "env LAUNCHER=$$ '" + tool + "'\n");
        try (ServerSocketChannel listening =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(directory.resolve("socket.launch")));

            assertThat(
                            run(
                                    launcher,
                                    Map.of(
                                            "JAVA_HOME", mine.toString(),
                                            "CACHESERVER_SOCKET", socket.toString())))
                    .contains(says)
                    .endsWith("exit " + exitCode)
                    .satisfies(
                            output ->
                                    assertThat(output.contains("started"))
                                            .isEqualTo(connect.equals("true")));
        }
        assertThat(directory.toFile().list((folder, name) -> name.endsWith(".session"))).isEmpty();
    }

    private static String script(String connect, Path socket) {
        return "#!/bin/sh\n"
                + connect.replace("SOCKET", socket.toString()).replace("$$", "$LAUNCHER")
                + '\n';
    }

    private Path java(String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name + " java"));
        Files.createDirectory(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\""
                        + version
                        + "\"\nOS_ARCH=\"aarch64\"\nOS_NAME=\"Linux\"\n");
        Path java =
                Files.writeString(
                        home.resolve("bin/java"), "#!/bin/sh\necho started " + name + " \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }

    private static String run(Path program, Map<String, String> environment) throws Exception {
        return run(program, environment, "", "--server", "http://c");
    }

    private static String run(
            Path program, Map<String, String> environment, String stdin, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().write(stdin.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Waiting.LIMIT)).isTrue();
        return output + "exit " + process.exitValue();
    }
}
