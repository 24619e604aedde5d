package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoOutcome;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ServiceFault;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TimeLimit;
import io.gocacheserver.endtoend.builds.GoCommand.Library;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every Go command makes and says with the adapter what it does without, whatever becomes of the service; and with the
 * service the next machine has hits.
 */
@ExtendWith(ReferenceBuild.Resolver.class)
class GoCommandsIT {

    /** The rows of the table that is tried with a service in each state. */
    private static final String FEATURES =
            "RUN|TOOL|GENERATE|TEST|TEST_WITH_COVERAGE|COVERAGE_AS_JSON|RACE|VET|FUZZ|C_SHARED|PLUGIN|WINDOWS|OVERLAY";

    /** Host of modules that only see to it that the standard library is compiled once for each kind of build. */
    private static final String PRIMER = "primer.test";

    private static final Map<GoCommand, Result> NATIVE_RESULTS = new EnumMap<>(GoCommand.class);

    private static Path module;
    private static Path primer;
    private static Path primedCaches;
    private static ReferenceBuild reference;
    @AutoClose private static ServiceProcess service;
    @AutoClose private static ScriptedServer dripping;

    @TempDir private Path temp;

    @BeforeAll
    static void generate(ReferenceBuild shared, @TempDir Path directory) throws IOException {
        reference = shared;
        primedCaches = Files.createDirectory(directory.resolve("primed"));
        module = CommandsModule.generate(directory.resolve("modules"));
        primer = CommandsModule.generate(directory.resolve("primer"), PRIMER);
        // In a cache of its own: it keeps the indexes of packages that it finds older than two
        // seconds, and no machine is to have them.
        GoClient vendoring = natively(Files.createDirectory(directory.resolve("vendoring")));
        assertThat(vendoring.outcome(module, "mod", "vendor").exitCode()).isZero();
        assertThat(vendoring.outcome(primer, "mod", "vendor").exitCode()).isZero();
        for (String file : Directories.files(module)) {
            Files.setLastModifiedTime(module.resolve(file), FileTime.from(Instant.EPOCH));
        }
        GoClient natively = natively(primedCache(GoCommand.TEST));
        Path profile = module.resolveSibling("cpu.pprof");
        GoOutcome profiled =
                natively.outcome(
                        primer,
                        "test",
                        "-mod=mod",
                        "-o=" + primer.resolveSibling("text.test"),
                        "-cpuprofile=" + profile,
                        "./text");
        assertThat(profiled.exitCode()).as(profiled.printed().toString()).isZero();
        Files.copy(profile, primer.resolveSibling(profile.getFileName()));
        service = ServiceProcess.start(directory.resolve("service"));
        dripping = new ScriptedServer(GoCommandsIT::drip);
    }

    @ParameterizedTest
    @EnumSource
    void makesAndSaysTheSame(GoCommand command) throws IOException {
        Result plain = nativeResult(command);
        Path firstCache = machine(command, "first-cache");
        assertThat(run(command, patient(firstCache), firstCache)).isEqualTo(plain);

        long hits = service.client().counter(CacheCounter.GET_LOCAL_HIT);
        Path secondCache = machine(command, "second-cache");
        assertThat(run(command, patient(secondCache), secondCache)).isEqualTo(plain);
        assertThat(service.client().counter(CacheCounter.GET_LOCAL_HIT)).isGreaterThan(hits);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = FEATURES)
    void makesAndSaysTheSameWhileTheServiceIsDown(GoCommand command) throws IOException {
        Result plain = nativeResult(command);
        Path cache = machine(command, "cache");
        GoClient machine = machine("http://127.0.0.1:" + Ports.free(), cache);

        assertThat(run(command, machine, cache)).isEqualTo(plain);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = FEATURES)
    void makesAndSaysTheSameWhileTheServiceDrips(GoCommand command) throws IOException {
        Result plain = nativeResult(command);
        Path cache = machine(command, "cache");
        GoClient machine =
                machine(
                        dripping.url(),
                        cache,
                        TimeLimit.BUDGET_OPTION,
                        "--request-timeout=2s",
                        "--drain-timeout=2s");
        int requests = dripping.heads().size();

        assertThat(run(command, machine, cache)).isEqualTo(plain);
        assertThat(dripping.heads()).hasSizeGreaterThan(requests);
    }

    /** Sends a byte a second: of the whole answer, or of an object alone. */
    private static void drip(Exchange exchange) throws IOException {
        String head =
                "HTTP/1.1 200 OK\r\nGo-Output-Id: %s\r\nContent-Length: 1000\r\n\r\n"
                        .formatted("ab".repeat(32));
        boolean whole = exchange.number() % 2 == 0;
        exchange.send(whole ? "" : head);
        ServiceFault.trickle(exchange, (whole ? head : "") + "x".repeat(1000));
    }

    private static GoClient patient(Path cache) {
        return machine(service.url(), cache, GoClient.PATIENT.toArray(String[]::new));
    }

    private static GoClient machine(String url, Path cache, String... options) {
        return GoClient.withAdapter(url, cache, options).asQuietAsByDefault().with("GOWORK", "off");
    }

    private Result nativeResult(GoCommand command) throws IOException {
        if (command.needsC()) {
            Program.C_COMPILER.path();
        }
        Result known = NATIVE_RESULTS.get(command);
        if (known != null) {
            return known;
        }
        GoClient primed = natively(primedCache(command));
        outcome(primed, primer, command, Files.createTempDirectory(temp, "primed"));
        Path cache = machine(command, "native-cache");
        Result result = run(command, natively(cache), cache);
        NATIVE_RESULTS.put(command, result);
        return result;
    }

    /** A machine's cache, in which all is compiled that the command needs of the standard library. */
    private Path machine(GoCommand command, String name) throws IOException {
        return Directories.copyCache(primedCache(command), temp.resolve(name));
    }

    /** The cache that machines are copies of; what is compiled in it is what commands so far have needed. */
    private static Path primedCache(GoCommand command) throws IOException {
        Library library = command.library();
        Path cache = primedCaches.resolve(library == Library.OWN ? command.name() : library.name());
        if (Files.exists(cache)) {
            return cache;
        }
        return switch (library) {
            case COMMANDS -> reference.copyCommandCache(cache);
            case TOOLS -> reference.copyToolCache(cache);
            case OWN -> reference.copyBaseCache(cache);
        };
    }

    private static GoClient natively(Path cache) {
        return GoClient.withNativeCache(cache).with("GOWORK", "off");
    }

    private Result run(GoCommand command, GoClient machine, Path cache) throws IOException {
        Path out = Files.createTempDirectory(temp, "out");
        GoOutcome outcome = outcome(machine, module, command, out);
        Map<String, String> made = new HashMap<>();
        for (String file : Directories.files(out)) {
            made.put(file, Sha256.hex(Files.newInputStream(out.resolve(file))));
        }
        return new Result(
                outcome.exitCode(),
                comparable(outcome.printed().stdout(), cache),
                comparable(outcome.printed().stderr(), cache),
                made);
    }

    private static GoOutcome outcome(GoClient machine, Path in, GoCommand command, Path out) {
        Map<String, String> variables = new HashMap<>();
        command.variables().forEach((key, value) -> variables.put(key, withPaths(value, in, out)));
        String[] arguments =
                command.arguments().stream()
                        .map(argument -> withPaths(argument, in, out))
                        .toArray(String[]::new);
        return machine.with(variables).outcome(in, arguments);
    }

    private static String withPaths(String text, Path in, Path out) {
        return text.replace("OUT", out.toString())
                .replace(CommandsModule.HOST, in.equals(primer) ? PRIMER : CommandsModule.HOST)
                .replace("../go.work", in.resolveSibling("go.work").toString())
                .replace("../cpu.pprof", in.resolveSibling("cpu.pprof").toString());
    }

    /** Without what differs from run to run natively too: times, progress of fuzzing, the cache's own path. */
    private static List<String> comparable(String printed, Path cache) {
        return printed.lines()
                .filter(line -> !line.startsWith("fuzz: "))
                .map(line -> line.replace(cache.toString(), "CACHE"))
                .map(line -> line.replaceAll("\\(cached\\)|(?<![0-9.])[0-9.]+s\\b", "TIME"))
                .map(line -> line.replaceAll("\"(Time|Elapsed)\":[^,}]+", "TIME"))
                .toList();
    }

    /**
     * What came of a command.
     *
     * @param made SHA-256 of each file that it has made, by name
     */
    private record Result(
            int exitCode, List<String> stdout, List<String> stderr, Map<String, String> made) {}
}
