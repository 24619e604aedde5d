package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gocacheserver.testsupport.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Builds through the resident process, and what happens when it is not as it should be. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class ResidentIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path temp;
    private ServiceProcess service;
    private Path launcher = Path.of(Objects.requireNonNull(System.getProperty("adapter.launcher")));
    private final List<ChildProcess> started = new ArrayList<>();

    @BeforeEach
    void startService() {
        service = ServiceProcess.start(temp.resolve("service"));
    }

    @AfterEach
    void end() {
        started.forEach(ChildProcess::close);
        service.close();
    }

    @Test
    void secondBuildCompilesNothing(ReferenceBuild reference) {
        ChildProcess resident = serve();
        build(reference, "first");

        GoResult second = build(reference, "second");

        assertThat(second.compiles()).isEmpty();
        assertThat(second.adapterLines()).isEmpty();
        assertThat(stop()).contains("served 2 go commands");
        assertThat(resident.awaitExit(LIMIT)).isZero();
    }

    @Test
    void serves200AtOnce() throws Exception {
        serve();
        List<Process> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                ProcessBuilder builder =
                        new ProcessBuilder(launcher.toString(), "--server", service.url())
                                .redirectError(temp.resolve("stderr-" + i).toFile());
                builder.environment().putAll(environment());
                sessions.add(builder.start());
            }
            for (Process session : sessions) {
                session.getOutputStream()
                        .write(
                                "{\"ID\":1,\"Command\":\"close\"}\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                session.getOutputStream().flush();
            }
            for (int i = 0; i < sessions.size(); i++) {
                Process session = sessions.get(i);
                try (BufferedReader answers = session.inputReader()) {
                    assertThat(answers.lines())
                            .as("stderr: %s", Files.readString(temp.resolve("stderr-" + i)))
                            .hasSize(2)
                            .last()
                            .isEqualTo("{\"ID\":1}");
                }
                assertThat(session.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            sessions.forEach(Process::destroyForcibly);
        }
        assertThat(stop()).contains("served 200 go commands");
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 100, 300, 700, 1500})
    void buildSurvivesTheKillOfTheProcess(int millis, ReferenceBuild reference) throws Exception {
        ChildProcess resident = serve();
        Path binary = temp.resolve("binary");
        try (ChildProcess build = startBuild(reference, binary)) {
            TimeUnit.MILLISECONDS.sleep(millis);
            resident.kill();

            GoResult.of(build);
        }
        assertThat(binary).hasSameBinaryContentAs(reference.binary());
        try (Stream<Path> left = Files.list(temp.resolve("run"))) {
            assertThat(left).noneMatch(file -> file.toString().endsWith(".session"));
        }
    }

    @Test
    void aStaleSocketIsPassedOver(ReferenceBuild reference) {
        serve().kill();
        assertThat(launchSocket()).exists();

        assertThat(build(reference, "binary").adapterLines()).isEmpty();
    }

    @Test
    void aSocketOfAnotherUserIsPassedOver(ReferenceBuild reference) throws IOException {
        ChildProcess resident = serve();
        Requirements.need(
                Files.getAttribute(temp, "unix:uid").equals(0), "run as root to give away a file");
        Files.setAttribute(launchSocket(), "unix:uid", 65534);

        assertThat(build(reference, "binary").adapterLines()).isEmpty();

        resident.terminate();
        resident.awaitExit(LIMIT);
        assertThat(resident.stderr()).contains("served 0 go commands");
    }

    @Test
    void retiresWhenALauncherIsNewer(ReferenceBuild reference) throws IOException {
        ChildProcess resident = serve();
        launcher = copyOfVersion("99.0");

        assertThat(build(reference, "binary").adapterLines()).isEmpty();

        assertThat(resident.awaitExit(LIMIT)).isZero();
        assertThat(resident.stderr()).contains("a launcher is newer: 99.0");
        assertThat(launchSocket()).doesNotExist();
    }

    @Test
    void servesAnOlderLauncher(ReferenceBuild reference) throws IOException {
        serve();
        launcher = copyOfVersion("0.0.1");

        build(reference, "binary");

        assertThat(stop()).contains("served 1 go command:");
    }

    @Test
    void aSecondOneLeavesTheFirstAlone() {
        serve();

        ChildProcess second = start("serve");

        assertThat(second.awaitExit(LIMIT)).isZero();
        assertThat(second.stderr()).contains("already");
        assertThat(stop()).contains("served 0 go commands");
    }

    @Test
    void endsWhenItIsIdle() {
        ChildProcess resident = serve("--idle-timeout", "300ms");

        assertThat(resident.awaitExit(LIMIT)).isZero();
        assertThat(resident.stderr()).contains("idle");
        assertThat(launchSocket()).doesNotExist();
    }

    @Test
    void isStartedByTheFirstCommandThatWantsIt(ReferenceBuild reference) {
        Path binary = temp.resolve("first");
        try (ChildProcess build = startBuild(reference, binary, "--resident=start")) {
            GoResult.of(build);
        }
        await().atMost(LIMIT).until(() -> Files.exists(temp.resolve("run/socket.connect")));

        build(reference, "second");

        assertThat(stop()).contains("served 1 go command:");
    }

    @Test
    void servesACiJob(ReferenceBuild reference) throws IOException {
        Path gitHub = temp.resolve("github-env");
        Map<String, String> environment = environment();
        environment.remove("CACHESERVER_SOCKET");
        environment.put("RUNNER_TEMP", Files.createDirectories(temp.resolve("rt")).toString());
        environment.put("GITHUB_ENV", gitHub.toString());
        environment.put("CACHESERVER_TOKEN", "secret-token");
        ChildProcess start =
                run(environment, launcher.toString(), "ci", "start", "--server", service.url());
        assertThat(start.awaitExit(LIMIT)).as(start.stderr()).isZero();
        assertThat(start.stdout()).isEmpty();
        for (String line : Files.readAllLines(gitHub)) {
            environment.put(line.split("=", 2)[0], line.split("=", 2)[1]);
        }
        assertThat(environment).containsKeys("GOCACHEPROG", "CACHESERVER_SOCKET");
        assertThat(Files.readString(gitHub)).doesNotContain("secret-token");

        Path binary = temp.resolve("binary");
        try (ChildProcess build =
                ChildProcess.start(
                        reference.module().directory(), goEnvironment(environment), go(binary))) {
            GoResult.of(build);
        }
        ChildProcess stop = run(environment, launcher.toString(), "ci", "stop");

        assertThat(stop.awaitExit(LIMIT)).isZero();
        assertThat(stop.stderr()).containsPattern("served 1 go command: \\d+ gets: .* uploaded");
        ChildProcess again = run(environment, launcher.toString(), "ci", "stop");
        assertThat(again.awaitExit(LIMIT)).isZero();
        assertThat(again.stderr()).contains("has died");
    }

    private GoResult build(ReferenceBuild reference, String name) {
        Path binary = temp.resolve(name);
        try (ChildProcess build = startBuild(reference, binary)) {
            GoResult result = GoResult.of(build);
            assertThat(binary).hasSameBinaryContentAs(reference.binary());
            return result;
        }
    }

    private ChildProcess startBuild(ReferenceBuild reference, Path binary, String... flags) {
        Map<String, String> environment = goEnvironment(environment());
        environment.put(
                "GOCACHEPROG",
                "%s --server=%s %s".formatted(launcher, service.url(), String.join(" ", flags)));
        return ChildProcess.start(reference.module().directory(), environment, go(binary));
    }

    private List<String> go(Path binary) {
        return List.of(Programs.go().toString(), "build", "-x", "-o", binary.toString(), ".");
    }

    private Map<String, String> goEnvironment(Map<String, String> base) {
        Map<String, String> environment = new HashMap<>(base);
        environment.put("GOENV", "off");
        environment.put("GOPROXY", "off");
        environment.put("GOTOOLCHAIN", "local");
        environment.put("GOFLAGS", "-trimpath -buildvcs=false");
        environment.put("CGO_ENABLED", "0");
        return environment;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("GOCACHE", temp.resolve("unused").toString());
        environment.put("CACHESERVER_CACHEDIR", temp.resolve("cache").toString());
        environment.put("CACHESERVER_SOCKET", temp.resolve("run/socket").toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return environment;
    }

    /** Starts the process and waits until launchers can connect. */
    private ChildProcess serve(String... flags) {
        List<String> command = new ArrayList<>(List.of("serve"));
        command.addAll(List.of(flags));
        ChildProcess resident = start(command.toArray(String[]::new));
        await().atMost(LIMIT)
                .until(() -> resident.stderr().contains(" serves at ") || !resident.isRunning());
        return resident;
    }

    private String stop() {
        ChildProcess stop = start("stop");
        assertThat(stop.awaitExit(LIMIT)).isZero();
        return stop.stderr();
    }

    private ChildProcess start(String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return run(environment(), command.toArray(String[]::new));
    }

    private ChildProcess run(Map<String, String> environment, String... command) {
        ChildProcess process = ChildProcess.start(temp, environment, List.of(command));
        started.add(process);
        return process;
    }

    private Path launchSocket() {
        return temp.resolve("run/socket.launch");
    }

    /** The adapter with another version written beside it. */
    private Path copyOfVersion(String version) throws IOException {
        Path copy = temp.resolve("adapter-" + version);
        Path original = launcher.resolve("../..").normalize();
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(original.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.writeString(copy.resolve("lib/version"), version + '\n');
        return copy.resolve("bin/go-cache-adapter");
    }
}
