package io.gocacheserver.endtoend.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Document;
import io.gocacheserver.testsupport.Document.ShellBlock;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the documentation says to paste is pasted: the README into the terminal of somebody with an empty home and few
 * programs, and then each page into a terminal of its own, in the folder of a Go module, at that same home. A block that
 * needs what no test has is marked: {@code <!-- not run: needs a cluster -->}.
 */
@EnabledOnOs(OS.LINUX)
@Needs({Program.GO, Program.CURL, Program.GZIP, Program.NETCAT, Program.SHA256SUM, Program.TAR})
class DocumentationIT {

    /** All programs that the reader has, beside Go. */
    private static final List<String> PROGRAMS =
            List.of(
                    "cat",
                    "curl",
                    "env",
                    "gzip",
                    "ln",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "nc",
                    "readlink",
                    "rm",
                    "sh",
                    "sha256sum",
                    "tar",
                    "uname");

    /** The Go that is installed; nothing is fetched. */
    private static final List<String> OFFLINE = List.of("GOTOOLCHAIN=local", "GOPROXY=off");

    private static final Duration LIMIT = GoClient.LIMIT.multipliedBy(3);

    /**
     * With this the laptop's quickstart ends. Go's index of the program's folder may be a miss, since it is new, or a hit of
     * what the same command has put.
     */
    private static final Pattern A_BUILD_OF_HITS =
            Pattern.compile(
                    " (0 local hits|1 local hit), \\d{3} from the service .*, (0 misses|1 miss);");

    @TempDir private static Path temp;
    @AutoClose private static ServiceProcess service;

    @BeforeAll
    static void start() throws IOException {
        service = ServiceProcess.start(temp.resolve("service"));
        Files.createDirectory(temp.resolve("home"));
        Path programs = Files.createDirectory(temp.resolve("programs"));
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(
                    programs.resolve(program), Program.onPath(program).orElseThrow());
        }
        Files.createSymbolicLink(programs.resolve("go"), Program.GO.path());
    }

    /** The only changes to what a page says: this project is there and built, and its service runs, at a port of its own. */
    private static String onThisMachine(String script) {
        String project = Path.of("").toAbsolutePath().toString();
        return script.replace(
                        "git clone https://github.com/OWNER/go-cache-server && cd go-cache-server\n",
                        "test -x '%s/mvnw'\n".formatted(project))
                .replace("./mvnw spring-boot:run ", "curl -fsS http://localhost:8080/ ")
                .replace("http://localhost:8080", service.url())
                .replace("http://cache:8080", service.url());
    }

    @Test
    void everyBlockThatIsNotMarkedRuns() throws IOException {
        List<String> ran = new ArrayList<>();
        List<String> marked = new ArrayList<>();
        for (Document document : Document.all()) {
            StringBuilder script = new StringBuilder();
            for (ShellBlock block : document.shellBlocks()) {
                String place = document + ":" + block.line();
                block.reasonNotToRun()
                        .ifPresentOrElse(
                                reason -> marked.add(place + ": " + reason),
                                () -> {
                                    ran.add(place);
                                    script.append(pasted(place, block));
                                });
            }
            if (!script.isEmpty()) {
                run(document, script.toString());
            }
        }
        System.out.printf(
                "Of the shell blocks of the documentation %d run: %s%n%d do not:%n%s%n",
                ran.size(),
                String.join(", ", ran),
                marked.size(),
                String.join(System.lineSeparator(), marked));
    }

    /** Its last command tells whether it worked, as any other does by {@code set -e}. */
    private static String pasted(String place, ShellBlock block) {
        return "echo '%s' >&2%n%s%ntest $? = 0%n".formatted(place, onThisMachine(block.text()));
    }

    private static void run(Document document, String script) throws IOException {
        Path directory = temp.resolve(document.toString().replace('/', '-'));
        TestModule module = TestModule.small(directory);
        Path home = temp.resolve("home");
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        command.addAll(OFFLINE);
        command.add("HOME=" + home);
        command.add(
                "PATH=%s:%s:%s"
                        .formatted(
                                home.resolve(".local/share/go-cache-adapter/current/bin"),
                                home.resolve(".local/bin"),
                                temp.resolve("programs")));
        command.addAll(List.of("sh", "-e", "-c", script));
        try (ChildProcess terminal = ChildProcess.start(module.directory(), Map.of(), command)) {
            int exitCode = terminal.awaitExit(LIMIT);
            String output = terminal.stdout() + terminal.stderr();
            assertThat(exitCode).as(output).isZero();
            if (document.file().equals(Path.of("README.md"))) {
                assertThat(output).containsPattern(A_BUILD_OF_HITS);
            }
        }
    }
}
