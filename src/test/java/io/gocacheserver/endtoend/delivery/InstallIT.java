package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The two lines that install the adapter from the service, on a machine that has no Java. */
@Needs({Program.CURL, Program.GZIP, Program.SHA256SUM, Program.TAR})
class InstallIT {

    /** All that the machine has, beside Go. */
    private static final List<String> TOOLS =
            List.of(
                    "cat",
                    "curl",
                    "gzip",
                    "ln",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "readlink",
                    "rm",
                    "sh",
                    "sha256sum",
                    "tar",
                    "uname");

    @TempDir private static Path shared;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    private Path tools = Path.of("");

    @BeforeAll
    static void startService() {
        service = ServiceProcess.start(shared.resolve("service"));
    }

    @BeforeEach
    void findTools() throws IOException {
        tools = Files.createDirectory(temp.resolve("tools"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), find(tool));
        }
    }

    @Test
    @ExtendWith(ReferenceBuild.Resolver.class)
    void installsAnAdapterThatBuilds(ReferenceBuild reference) throws IOException {
        Result result = install(tools, temp.resolve("with blanks/adapter"));

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        assertThat(result.stderr()).contains("installed: " + temp.resolve("with blanks/adapter"));
        Path launcher = temp.resolve("with blanks/adapter/current/bin/go-cache-adapter");
        assertThat(result.stdout())
                .isEqualTo(
                        "go env -w GOCACHEPROG=\"%s --server %s\" # switches it on for all your builds\n"
                                .formatted(launcher, service.url()));
        assertThat(launcher.resolveSibling("../runtime/bin/java")).isExecutable();

        Path plain = install(tools, temp.resolve("adapter")).launcher();
        TestModule module = TestModule.small(temp.resolve("module"));
        reference.copyDependencyCache(temp.resolve("first-cache"));
        assertThat(build(plain, module, "first").compiles()).isNotEmpty();
        GoResult second = build(plain, module, "second");
        assertThat(second.compiles()).isEmpty();
        assertThat(second.adapterLines()).isEmpty();
        assertThat(temp.resolve("second")).hasSameBinaryContentAs(temp.resolve("first"));
    }

    @Test
    void theNameAloneIsEnoughAfterwards() throws IOException {
        Result result =
                run(
                        "PATH=" + tools,
                        "HOME=" + temp,
                        "sh",
                        "-c",
                        "curl -fsSL \"$0/adapter/install.sh\" | sh",
                        service.url());

        assertThat(result.launcher())
                .isEqualTo(
                        temp.resolve(".local/share/go-cache-adapter/current/bin/go-cache-adapter"));
        String path = "PATH=" + temp.resolve(".local/bin") + ":" + tools;
        assertThat(run(path, "sh", "-c", "go-cache-adapter --version").stdout())
                .startsWith("go-cache-adapter ");
    }

    @Test
    void doesNothingWhereItIsInstalled() throws IOException {
        Path directory = temp.resolve("adapter");
        Result first = install(tools, directory);
        Object installed = fileKey(first.launcher());
        // A second download would fail.
        Path offline = Files.createDirectory(temp.resolve("offline"));
        Path curl = find("curl");
        copyTools(offline, "case $* in *.tar.gz) exit 9 ;; esac\nexec " + curl + " \"$@\"\n");

        Result second = install(offline, directory);

        assertThat(second.exitCode()).as(second.stderr()).isZero();
        assertThat(second.stderr()).startsWith("already installed");
        assertThat(second.stdout()).isEqualTo(first.stdout());
        assertThat(fileKey(second.launcher())).isEqualTo(installed);
        assertThat(install(offline, temp.resolve("elsewhere")).stderr())
                .as("its download does fail")
                .contains("cannot fetch");
    }

    @Test
    void refusesADamagedDownload() throws IOException {
        Path damaging = Files.createDirectory(temp.resolve("damaging"));
        copyTools(
                damaging,
                find("curl") + " \"$@\" || exit\ncase $* in *.tar.gz) printf x >>\"$3\" ;; esac\n");
        Path directory = temp.resolve("adapter");

        Result result = install(damaging, directory);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("is damaged");
        assertThat(result.stdout()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void givesUpADownloadThatDrips() throws IOException {
        Path directory = temp.resolve("adapter");
        try (ScriptedServer dripping =
                new ScriptedServer(
                        exchange -> {
                            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n");
                            while (true) {
                                exchange.send("x");
                                exchange.pause(500);
                            }
                        })) {
            Result result =
                    run(
                            "PATH=" + tools,
                            "HOME=" + temp,
                            "sh",
                            "-c",
                            "curl -fsSL \"$0/adapter/install.sh\" | sh -s -- --dir \"$1\" --server \"$2\"",
                            service.url(),
                            directory.toString(),
                            dripping.url());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.stderr()).contains("cannot fetch");
            assertThat(directory).isEmptyDirectory();
        }
    }

    /** -Xshare:on: the JVM does not start if it cannot use its archive of classes. */
    @Test
    void worksWhereItIsMovedTo() throws IOException {
        Path launcher = install(tools, temp.resolve("adapter")).launcher();
        Path home = launcher.toRealPath().resolve("../..").normalize();
        Path moved = Files.move(home, temp.resolve("moved"));

        Result version =
                run(
                        "PATH=" + tools,
                        "GO_CACHE_ADAPTER_JAVA_OPTS=-Xshare:on",
                        moved.resolve("bin/go-cache-adapter").toString(),
                        "--version");

        assertThat(version.exitCode()).as(version.stderr()).isZero();
        assertThat(version.stdout() + version.stderr()).contains("go-cache-adapter");
    }

    private Result install(Path path, Path directory) {
        return run(
                "PATH=" + path,
                "HOME=" + temp,
                "sh",
                "-c",
                "curl -fsSL \"$0/adapter/install.sh\" | sh -s -- --dir \"$1\"",
                service.url(),
                directory.toString());
    }

    private GoResult build(Path launcher, TestModule module, String name) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "-i",
                                "PATH=" + tools,
                                "HOME=" + temp,
                                "GOCACHE=" + temp.resolve(name + "-cache"),
                                "GOCACHEPROG=" + launcher + " --server " + service.url(),
                                "GOFLAGS=-trimpath -buildvcs=false",
                                "CGO_ENABLED=0",
                                "GOTOOLCHAIN=local",
                                Program.GO.path().toString()));
        command.addAll(List.of("build", "-x", "-o", temp.resolve(name).toString(), "."));
        try (ChildProcess process = ChildProcess.start(module.directory(), Map.of(), command)) {
            return GoResult.of(process);
        }
    }

    /** Runs a command with these settings and no others. */
    private Result run(String... settingsAndCommand) {
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        command.addAll(List.of(settingsAndCommand));
        try (ChildProcess process = ChildProcess.start(temp, Map.of(), command)) {
            int exitCode = process.awaitExit();
            return new Result(exitCode, process.stdout(), process.stderr());
        }
    }

    /** The tools, with another curl. */
    private void copyTools(Path target, String curl) throws IOException {
        for (String tool : TOOLS) {
            if (!tool.equals("curl")) {
                Files.createSymbolicLink(target.resolve(tool), find(tool));
            }
        }
        Path script = Files.writeString(target.resolve("curl"), "#!/bin/sh\n" + curl);
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    private static Path find(String tool) {
        return Program.onPath(tool).orElseThrow(() -> new AssertionError("no " + tool));
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private record Result(int exitCode, String stdout, String stderr) {

        /** As the printed line names it. */
        Path launcher() {
            assertThat(exitCode).as(stderr).isZero();
            String program = stdout.substring(stdout.indexOf('"') + 1);
            return Path.of(program.substring(0, program.indexOf(" --server")));
        }
    }
}
