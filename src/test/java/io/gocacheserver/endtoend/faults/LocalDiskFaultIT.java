package io.gocacheserver.endtoend.faults;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoOutcome;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.endtoend.WarmMachines;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Tmpfs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** A local directory that cannot be written, or is taken away, costs a build nothing but its help. */
@ExtendWith(ReferenceBuild.Resolver.class)
@Needs(root = true)
class LocalDiskFaultIT {

    private static final int VOLUME_MIB = 200;

    private static WarmMachines machines;
    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    @AutoClose private Tmpfs volume;

    @BeforeAll
    static void fillService(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        machines = WarmMachines.prepare(reference, directory, "example.test/disk");
        service = ServiceProcess.start(directory.resolve("service"));
        machines.assertBuilds(
                machines.machine(service.url(), directory.resolve("first")),
                directory.resolve("first-program"));
    }

    @BeforeEach
    void mountVolume() throws IOException {
        volume = Tmpfs.mount(temp.resolve("volume"), VOLUME_MIB);
    }

    @AfterEach
    void resetSources() throws IOException {
        setSourceTime(Instant.EPOCH);
    }

    @Test
    void fullDiskCostsNothingButTheCache() throws IOException {
        touchSources();
        GoClient machine = machines.machine(service.url(), cache());
        Path rubbish = volume.directory().resolve("rubbish");
        volume.fill(rubbish);
        assertSaysOnce(
                machines.assertBuilds(machine, temp.resolve("program")), "(?i)no space left");

        Files.delete(rubbish);
        GoResult later = machines.assertBuilds(machine, temp.resolve("later"));
        assertThat(later.stderr()).isEmpty();
        assertNativeBuildIsWarm();
    }

    @Test
    void readOnlyDiskCostsNothingButTheCache() throws IOException {
        touchSources();
        GoClient machine = machines.machine(service.url(), cache());
        volume.makeReadOnly(cache());

        assertSaysOnce(machines.assertBuilds(machine, temp.resolve("program")), "(?i)read-only");
    }

    /** The Go command needs to store its index of a package, and natively gives up where it cannot. */
    @Test
    void commandThatCannotStoreItsIndexNativelyGoesOn() throws IOException {
        GoClient machine = machines.machine(service.url(), cache());
        setSourceTime(Instant.EPOCH);
        volume.makeReadOnly(cache());
        Path module = machines.module().directory();

        GoOutcome natively = GoClient.withNativeCache(cache()).outcome(module, "build", "./...");
        assertThat(natively.exitCode()).isNotZero();
        assertThat(natively.printed().stderr()).containsIgnoringCase("read-only file system");

        GoOutcome built = machine.outcome(module, "build", "./...");
        assertThat(built.exitCode()).as(built.printed().stderr()).isZero();
    }

    @Test
    void buildThatFailsWithoutItsDirectoryCanBeRepeated(ReferenceBuild reference)
            throws IOException {
        GoClient machine = GoClient.withAdapter(service.url(), reference.copyBaseCache(cache()));
        TestModule module = reference.module();
        long misses = service.client().counter(CacheCounter.GET_FAULT_MISS);
        Path interrupted = temp.resolve("interrupted");
        try (ChildProcess build = machine.startBuild(module, interrupted)) {
            await().until(
                            () ->
                                    service.client().counter(CacheCounter.GET_FAULT_MISS)
                                            > misses + 10);
            Path trash = volume.directory().resolve("trash");
            Files.move(cache(), trash);
            FileSystemUtils.deleteRecursively(trash);
            // What was compiled before is gone, and the Go command misses it just as natively.
            // Should it not need it any more, it must not make a wrong program of it.
            if (build.awaitExit(GoClient.LIMIT) == 0) {
                assertThat(interrupted).hasSameBinaryContentAs(reference.binary());
            } else {
                assertThat(build.stderr())
                        .containsPattern("no such file or directory|could not import");
            }
        }

        Path again = temp.resolve("again");
        GoResult result = machine.build(module, again);
        assertThat(result.adapterLines()).isEmpty();
        assertThat(again).hasSameBinaryContentAs(reference.binary());
    }

    private Path cache() {
        return volume.directory().resolve("cache");
    }

    /** Sources that seem to be under edit: the Go command stores no index of them. */
    private static void touchSources() throws IOException {
        setSourceTime(Instant.now().plus(Duration.ofHours(1)));
    }

    private static void setSourceTime(Instant time) throws IOException {
        FileTime modified = FileTime.from(time);
        try (Stream<Path> sources = Files.walk(machines.module().directory())) {
            for (Path source : sources.toList()) {
                Files.setLastModifiedTime(source, modified);
            }
        }
    }

    private void assertNativeBuildIsWarm() {
        Path program = temp.resolve("native");
        GoResult result = GoClient.withNativeCache(cache()).build(machines.module(), program);
        assertThat(result.compiles()).isEmpty();
        assertThat(program).hasSameBinaryContentAs(machines.binary());
    }

    private static void assertSaysOnce(GoResult result, String cause) {
        assertThat(result.stderr().lines())
                .as("stderr: %s", result.stderr())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("go-cache-adapter: ")
                .containsPattern(cause);
    }
}
