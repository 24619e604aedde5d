package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The adapter with its runtime for Linux on ARM64, whose Java an emulator runs. */
@Needs({Program.QEMU_ARM64, Program.TAR})
class EmulatedArm64IT {

    private static final Path LIBRARIES = Path.of("/usr/aarch64-linux-gnu");

    @TempDir private Path temp;

    @Test
    @ExtendWith(ReferenceBuild.Resolver.class)
    void builds(ReferenceBuild reference) throws IOException {
        Path launcher = unpack().resolve("bin/go-cache-adapter");
        run(launcher.toString(), "archive-classes");
        TestModule module = TestModule.small(temp.resolve("module"));
        reference.copyDependencyCache(temp.resolve("first-cache"));
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            var first = client(launcher, service, "first-cache");
            assertThat(first.build(module, temp.resolve("first")).compiles()).isNotEmpty();

            // Of some sixty packages. While an emulator takes so long, some misses are answered
            // without the service.
            var second = client(launcher, service, "second-cache");
            assertThat(second.build(module, temp.resolve("second")).compiles()).hasSizeLessThan(20);
        }

        assertThat(temp.resolve("second")).hasSameBinaryContentAs(temp.resolve("first"));
        assertThat(launcher.resolveSibling("../lib").normalize())
                .isDirectoryContaining("glob:**.jsa");
    }

    /** An emulated JVM starts slowly; the time budget is for services that are slow. */
    private GoClient client(Path launcher, ServiceProcess service, String cache) {
        Path directory = temp.resolve(cache);
        return GoClient.withAdapterOnNativeCache(service.url(), directory)
                .with(
                        Map.of(
                                "GOCACHEPROG",
                                launcher + " --time-budget 0 --drain-timeout 5m",
                                "CACHESERVER_RESIDENT",
                                "off"));
    }

    private Path unpack() throws IOException {
        Path archives = Path.of(property("adapter.archives")).toAbsolutePath();
        String name = "go-cache-adapter-" + property("adapter.version") + "-linux-aarch64";
        Path archive = archives.resolve(name + ".tar.gz");
        Requirements.need(
                Files.exists(archive), "no archive for ARM64", "run .ci/runtimes, and build again");
        Requirements.need(
                Files.exists(LIBRARIES), "no C library of ARM64", "install libc6-arm64-cross");
        run(Program.TAR.path().toString(), "-xzf", archive.toString());
        Path java = temp.resolve(name).resolve("runtime/bin/java");
        Files.move(java, java.resolveSibling("java.real"));
        Files.writeString(
                java,
                "#!/bin/sh\nexec %s -L %s \"${0%%/*}/java.real\" \"$@\"\n"
                        .formatted(Program.QEMU_ARM64.path(), LIBRARIES));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return temp.resolve(name);
    }

    private void run(String... command) {
        try (ChildProcess process = ChildProcess.start(temp, Map.of(), List.of(command))) {
            assertThat(process.awaitExit(GoClient.LIMIT)).as(process.stderr()).isZero();
        }
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
