package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoOutcome;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Who is told that the service is down: people, and no program that runs the Go command. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class QuietIT {

    private static final String LINE = "go-cache-adapter: service http://127.0.0.1";

    private static Path module;

    @TempDir private Path temp;
    @AutoClose private ResidentMachine machine;
    private final String url = "http://127.0.0.1:" + Ports.free();

    @BeforeAll
    static void generate(@TempDir Path directory) throws IOException {
        module = CommandsModule.generate(directory);
    }

    @BeforeEach
    void serve(ReferenceBuild reference) throws IOException {
        machine = new ResidentMachine(temp);
        reference.copyToolCache(machine.cache());
        machine.serve();
    }

    /** As gotestsum does before it runs tests again, and whatever reads {@code go test -json}. */
    @ParameterizedTest
    @ValueSource(strings = {"off", "use"})
    void aWrapperThatTakesAnyLineOfStderrForAFailureMeetsNone(String when) {
        String wrapper =
                """
                go=$1 out=$2
                "$go" test -json -cover ./greet ./text >"$out.json" 2>"$out.err" || exit 2
                if [ -s "$out.err" ]; then
                    cat "$out.err" >&2
                    exit 3
                fi
                grep -q coverage "$out.json" || exit 4
                ! grep -e '^[^{]' -e go-cache-adapter "$out.json" >&2
                """;
        try (ChildProcess run =
                ChildProcess.start(
                        module,
                        go("--resident=" + when).environment(),
                        List.of(
                                "/bin/sh",
                                "-c",
                                wrapper,
                                "wrapper",
                                Program.GO.path().toString(),
                                temp.resolve("out").toString()))) {
            assertThat(run.awaitExit(GoClient.LIMIT)).as(run.stderr()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "use"})
    @Needs(Program.SCRIPT)
    void aPersonIsToldOnce(String when) {
        assertThat(onATerminal(go("--resident=" + when), "run ./greet"))
                .containsOnlyOnce(LINE)
                .contains("hello needed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "use"})
    @Needs(Program.SCRIPT)
    void aPersonIsNotToldByAGoCommandThatAnotherOneHasStarted(String when) {
        // Without indexes of packages the outer command asks the cache for nothing, and has nothing
        // to say itself.
        GoClient go = go("--resident=" + when).with("GODEBUG", "goindex=0");
        assertThat(onATerminal(go, "generate ./greet"))
                .doesNotContain("go-cache-adapter")
                .contains("hello needed");
    }

    @Test
    @Needs(Program.SCRIPT)
    void aPersonWhoDoesNotWantToKnowIsNotTold() {
        assertThat(onATerminal(go("--quiet"), "run ./greet")).isEqualTo("hello needed\r\n");
    }

    @Test
    @Needs(Program.SCRIPT)
    void theTerminalOfACiIsNobodys() {
        assertThat(onATerminal(go().with("CI", "true"), "run ./greet"))
                .isEqualTo("hello needed\r\n");
    }

    @Test
    void whoeverWantsToKnowIsAlwaysTold() {
        GoOutcome run = go("--quiet=false").outcome(module, "run", "./greet");

        assertThat(run.printed().stderr()).startsWith(LINE).hasLineCount(1);
    }

    @Test
    void doctorTellsAfterwards() {
        assertThat(go().outcome(module, "run", "./greet").printed().stderr()).isEmpty();

        ChildProcess doctor = machine.start("doctor", "--server=" + url);
        assertThat(doctor.awaitExit()).as("a problem was found").isEqualTo(1);
        assertThat(doctor.stdout())
                .containsPattern("warning {2}a build at \\S+Z: service \\S+ failed ");
    }

    private GoClient go(String... options) {
        return machine.go(url, options).asQuietAsByDefault().with("GOWORK", "off");
    }

    /** What a Go command prints on a terminal. */
    private static String onATerminal(GoClient go, String arguments) {
        String command = Program.GO.path() + " " + arguments;
        try (ChildProcess terminal =
                ChildProcess.start(
                        module,
                        go.environment(),
                        List.of(Program.SCRIPT.path().toString(), "-qec", command, "/dev/null"))) {
            assertThat(terminal.awaitExit(GoClient.LIMIT)).as(terminal.stdout()).isZero();
            return terminal.stdout();
        }
    }
}
