package io.gocacheserver.endtoend.service;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoOutcome;
import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.Requirements;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The real Go command has all its modules through the service, and every other way is blocked: with an upstream, and then from a
 * second replica that has only the bucket.
 */
@Needs({Program.GO, Program.VERSITYGW})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModulesIT {

    private static final String HELLO = "golang.org/x/example/hello";
    private static final String VERSION = "v0.0.0-20250915201037-7f05d217867b";
    private static final String TEXT = "golang.org/x/text";
    private static final String TOOLCHAIN = "go1.24.13";
    private static final String PROGRAM =
            """
            package main

            import "golang.org/x/example/hello/reverse"

            func main() { println(reverse.String("x")) }
            """;

    @TempDir private static Path directory;
    private static String database;
    @AutoClose private static S3Bucket bucket;
    @AutoClose private static ServiceProcess first;

    @BeforeAll
    static void start() throws IOException {
        String upstream = Program.goEnv("GOPROXY");
        database = Program.goEnv("GOSUMDB");
        Requirements.need(
                upstream.startsWith("http") && isReachable(upstream),
                "no module proxy",
                "set GOPROXY to one that can be reached");
        bucket = S3Bucket.start(Files.createDirectory(directory.resolve("s3")));
        first = service("first", upstream);
    }

    private static boolean isReachable(String upstream) {
        Path module = module("reachable", "module example.com/x\n");
        Map<String, String> settings =
                Map.of(
                        "GOPROXY",
                        upstream,
                        "GOMODCACHE",
                        directory.resolve("reachable-cache").toString());
        List<String> command =
                List.of(Program.GO.path().toString(), "list", "-m", HELLO + "@" + VERSION);
        try (ChildProcess process = ChildProcess.start(module, settings, command)) {
            return process.awaitExit(GoClient.LIMIT) == 0;
        }
    }

    private static ServiceProcess service(String name, String upstream) {
        return ServiceProcess.on(directory.resolve(name))
                .with(bucket.settings())
                .with("CACHESERVER_MODULES_UPSTREAM", upstream)
                .with("CACHESERVER_MODULES_CHECKSUMDATABASE", databaseName())
                .start();
    }

    private static String databaseName() {
        return database.equals("off") ? "" : database.split("[+ ]", 2)[0];
    }

    @Test
    @Order(1)
    void everyCommandHasItsModulesThroughTheService() throws IOException {
        allCommands(first, "first", database);
    }

    @Test
    @Order(2)
    void everyInstalledVersionOfGoHasThem() throws IOException {
        for (Path home : installed()) {
            Path go = home.resolve("bin/go");
            String name = String.valueOf(home.getFileName());
            Path module = requiringModule("with-" + name);
            Map<String, String> settings = settings(first, "with-" + name, database);
            try (ChildProcess process =
                    ChildProcess.start(
                            module, settings, List.of(go.toString(), "mod", "download", "-json"))) {
                assertThat(process.awaitExit(GoClient.LIMIT)).as(process.stdout()).isZero();
                assertThat(process.stdout()).contains("\"Sum\": \"h1:");
            }
        }
    }

    @Test
    @Order(3)
    void aSecondReplicaHasThemFromTheBucketWithTheUpstreamGone() throws IOException {
        await("uploads").until(() -> first.client().meter("gocache_uploads_queued") == 0);
        first.stop();
        try (ServiceProcess second = service("second", "http://127.0.0.1:" + Ports.free())) {
            allCommands(second, "second", database);
            Path module = requiringModule("unchecked");
            run(module, settings(second, "unchecked", "off"), "mod", "download");
        }
    }

    private static void allCommands(ServiceProcess service, String name, String sumDb)
            throws IOException {
        Path module = requiringModule(name);
        Map<String, String> settings = settings(service, name, sumDb);
        run(module, settings, "mod", "download");
        assertThat(run(module, settings, "list", "-m", "-versions", TEXT).printed().stdout())
                .startsWith(TEXT + " ")
                .contains(" v0.3.0 v0.3.1 ");
        assertThat(
                        run(module, settings, "list", "-m", "-json", TEXT + "@latest")
                                .printed()
                                .stdout())
                .contains("\"Version\": \"v0.");
        Path fresh = module(name + "-fresh", "module example.com/fresh\n\ngo 1.24\n");
        Files.writeString(fresh.resolve("main.go"), PROGRAM);
        run(fresh, settings, "get", HELLO + "@" + VERSION);
        run(fresh, settings, "mod", "tidy");
        assertThat(fresh.resolve("go.sum")).content().contains(HELLO + " " + VERSION + " h1:");
        Path binaries = Files.createDirectory(directory.resolve(name + "-bin"));
        Map<String, String> installing = new HashMap<>(settings);
        installing.put("GOBIN", binaries.toString());
        run(directory, installing, "install", HELLO + "@latest");
        assertThat(binaries.resolve("hello")).isExecutable();
        Map<String, String> switching = new HashMap<>(settings);
        switching.put("GOTOOLCHAIN", TOOLCHAIN);
        assertThat(run(directory, switching, "version").printed().stdout()).contains(TOOLCHAIN);
    }

    private static GoOutcome run(Path module, Map<String, String> settings, String... arguments) {
        GoOutcome outcome =
                GoClient.withNativeCache(directory.resolve("build"))
                        .with(settings)
                        .outcome(module, arguments);
        assertThat(outcome.exitCode()).as("%s: %s", List.of(arguments), outcome.printed()).isZero();
        return outcome;
    }

    /** Nothing but the service can be reached: no proxy beside it, no version control, no checksum database. */
    private static Map<String, String> settings(ServiceProcess service, String name, String sumDb) {
        String nowhere = "http://127.0.0.1:" + Ports.free();
        Map<String, String> settings = new HashMap<>();
        settings.put("GOPROXY", service.url() + "/mod");
        settings.put("GOSUMDB", sumDb);
        settings.put("GONOSUMDB", "");
        settings.put("GONOPROXY", "");
        settings.put("GOPRIVATE", "");
        settings.put("GOVCS", "*:off");
        settings.put("GOENV", "off");
        settings.put("GOTOOLCHAIN", "local");
        settings.put("GOFLAGS", "-modcacherw -mod=mod");
        settings.put("HTTP_PROXY", nowhere);
        settings.put("HTTPS_PROXY", nowhere);
        settings.put("GOMODCACHE", directory.resolve(name + "-modules").toString());
        return settings;
    }

    private static Path requiringModule(String name) {
        return module(
                name,
                "module example.com/m\n\ngo 1.24\n\nrequire %s %s\n".formatted(HELLO, VERSION));
    }

    private static Path module(String name, String goMod) {
        try {
            Path module = Files.createDirectory(directory.resolve(name + "-module"));
            Files.writeString(module.resolve("go.mod"), goMod);
            return module;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Other versions of Go that the machine has, as the Go command keeps them. */
    private static List<Path> installed() throws IOException {
        Path toolchains = Path.of(Program.goEnv("GOMODCACHE"), "golang.org");
        if (!Files.isDirectory(toolchains)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(toolchains)) {
            return found.filter(home -> Files.isExecutable(home.resolve("bin/go")))
                    .sorted()
                    .toList();
        }
    }
}
