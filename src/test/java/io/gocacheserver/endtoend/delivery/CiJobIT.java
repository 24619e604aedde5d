package io.gocacheserver.endtoend.delivery;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code ci start} and {@code ci stop} as jobs use them: in steps that share but a file, and in one shell. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class CiJobIT {

    private static final String BUILD = "\"$GO\" build -x -o \"$OUT\" .";
    private static final Pattern PROCESS = Pattern.compile("resident process (\\d+) serves");

    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    @AutoClose private ResidentMachine machine;

    @BeforeAll
    static void startService(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        service = ServiceProcess.start(directory.resolve("service"));
        reference.fill(service, directory);
    }

    @BeforeEach
    void prepare() {
        machine = new ResidentMachine(temp);
    }

    @Test
    void servesTheStepsOfAGitHubJob(ReferenceBuild reference) throws IOException {
        Map<String, String> job = job(reference);
        Path gitHub = temp.resolve("github-env");
        job.put("GITHUB_ENV", gitHub.toString());
        job.put("CACHESERVER_TOKEN", "secret-token");
        assertThat(step(job, "\"$ADAPTER\" ci start --server \"$URL\"").stdout()).isEmpty();
        for (String line : Files.readAllLines(gitHub)) {
            job.put(line.split("=", 2)[0], line.split("=", 2)[1]);
        }
        assertThat(job).containsKeys("GOCACHEPROG", "CACHESERVER_SOCKET");
        assertThat(Files.readString(gitHub)).doesNotContain("secret-token");

        step(job, "cd \"$MODULE\" && " + BUILD);
        ChildProcess stop = step(job, "\"$ADAPTER\" ci stop");

        assertThat(temp.resolve("out")).hasSameBinaryContentAs(reference.binary());
        assertThat(stop.stderr()).containsPattern("served 1 go command: \\d+ gets: ");
        assertThat(stop.stderr()).contains("hit rate ", "; slowest: go build ");
        assertThat(step(job, "\"$ADAPTER\" ci stop").stderr())
                .isEqualTo(
                        "go-cache-adapter: nothing to stop at %s: the process there was stopped before\n",
                        job.get("CACHESERVER_SOCKET"));
    }

    @Test
    void stopWithoutStartIsNoError(ReferenceBuild reference) {
        ChildProcess stop = step(job(reference), "\"$ADAPTER\" ci stop");

        assertThat(stop.stderr())
                .startsWith("go-cache-adapter: nothing to stop: ci start has not run in this job");
        assertThat(stop.stdout()).isEmpty();
    }

    @Test
    void warnsOnceInAGitHubJobWhoseServiceIsDown(ReferenceBuild reference) throws IOException {
        Path summary = temp.resolve("summary");
        reference.copyNativeCache(machine.cache());
        Map<String, String> job = job(reference);
        job.put("URL", "http://127.0.0.1:" + Ports.free());
        job.put("CI", "true");
        job.put("GITHUB_ACTIONS", "true");
        job.put("GITHUB_STEP_SUMMARY", summary.toString());
        ChildProcess script =
                step(
                        job,
                        "set -eu",
                        "eval \"$(\"$ADAPTER\" ci start --server \"$URL\" 2>/dev/null)\"",
                        "cd \"$MODULE\"",
                        "\"$GO\" build -o \"$OUT\" .",
                        "\"$GO\" build ./...",
                        "\"$ADAPTER\" ci stop");

        assertThat(temp.resolve("out")).hasSameBinaryContentAs(reference.binary());
        assertThat(script.stdout().lines())
                .singleElement()
                .asString()
                .startsWith("::warning title=Go build cache::the service failed ");
        assertThat(script.stderr().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("go-cache-adapter: served 2 go commands: ");
        assertThat(summary)
                .content()
                .containsOnlyOnce("**Go build cache**")
                .containsOnlyOnce("the service failed");
    }

    @Test
    void servesAJobThatIsOneScript(ReferenceBuild reference) {
        ChildProcess script =
                step(
                        job(reference),
                        "set -eu",
                        "eval \"$(\"$ADAPTER\" ci start --server \"$URL\")\"",
                        "cd \"$MODULE\"",
                        BUILD,
                        "\"$GO\" build ./...",
                        "\"$ADAPTER\" ci stop");

        assertThat(temp.resolve("out")).hasSameBinaryContentAs(reference.binary());
        assertThat(script.stdout()).isEmpty();
        assertThat(script.stderr()).contains("served 2 go commands: ");
    }

    @Test
    void worksWhereNamesHaveBlanksAndQuotationMarks(ReferenceBuild reference) throws IOException {
        Map<String, String> job = job(reference);
        Path runner = Files.createDirectories(temp.resolve("runner's work"));
        Path adapter = Files.createSymbolicLink(runner.resolve("adapter"), adapterDirectory());
        job.put("ADAPTER", adapter.resolve("bin/go-cache-adapter").toString());
        job.put("RUNNER_TEMP", runner.toString());
        job.remove("CACHESERVER_CACHEDIR");
        ChildProcess script =
                step(
                        job,
                        "cd \"$RUNNER_TEMP\"",
                        // A name that is relative, too.
                        "set -- --cache-dir \"its cache\" --stats-file \"it's done\"",
                        "eval \"$(\"$ADAPTER\" ci start --server \"$URL\" \"$@\")\"",
                        "cd \"$MODULE\"",
                        BUILD,
                        "\"$ADAPTER\" ci stop");

        assertThat(temp.resolve("out")).hasSameBinaryContentAs(reference.binary());
        assertThat(script.stderr()).contains("served 1 go command: ");
        assertThat(runner.resolve("its cache")).isNotEmptyDirectory();
        assertThat(runner.resolve("it's done")).content().contains("\"gets\":");
    }

    @Test
    void goesOnWhenTheProcessIsKilledInTheMiddle(ReferenceBuild reference) {
        ChildProcess script =
                step(
                        job(reference),
                        "set -eu",
                        "eval \"$(\"$ADAPTER\" ci start --server \"$URL\" 2>\"$OUT.started\")\"",
                        "cat \"$OUT.started\" >&2",
                        "kill -KILL \"$(sed -n 's/.*process \\([0-9]*\\) serves.*/\\1/p' \"$OUT.started\")\"",
                        "cd \"$MODULE\"",
                        BUILD,
                        "\"$ADAPTER\" ci stop");

        assertThat(temp.resolve("out")).hasSameBinaryContentAs(reference.binary());
        assertThat(script.stderr()).contains("has died");
    }

    @Test
    void endsTheProcessAndRemovesItsSockets(ReferenceBuild reference) throws IOException {
        Map<String, String> job = job(reference);
        ChildProcess script =
                step(
                        job,
                        "eval \"$(\"$ADAPTER\" ci start --server \"$URL\")\"",
                        "\"$ADAPTER\" ci stop");

        Matcher process = PROCESS.matcher(script.stderr());
        assertThat(process.find()).as(script.stderr()).isTrue();
        long pid = Long.parseLong(process.group(1));
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        try (Stream<Path> left = Files.walk(Path.of(job.get("RUNNER_TEMP")))) {
            assertThat(left.filter(Files::isRegularFile))
                    .allMatch(file -> file.endsWith("socket.lock"));
        }
    }

    @Test
    void failsBeforeItPublishesAnythingIfItCannotStart(ReferenceBuild reference) {
        Map<String, String> job = job(reference);
        Path gitHub = temp.resolve("github-env");
        job.put("GITHUB_ENV", gitHub.toString());
        ChildProcess start = run(job, "\"$ADAPTER\" ci start --server \"$URL\" --mode nonsense");

        assertThat(start.awaitExit()).isEqualTo(2);
        assertThat(start.stderr()).contains("nonsense");
        assertThat(start.stdout()).isEmpty();
        assertThat(gitHub).doesNotExist();
    }

    /** What a runner sets for a job, and names that the scripts use. */
    private Map<String, String> job(ReferenceBuild reference) {
        Map<String, String> job = new HashMap<>(GoClient.withNativeCache(temp).environment());
        job.putAll(machine.environment());
        job.remove("CACHESERVER_SOCKET");
        job.put("RUNNER_TEMP", runnerTemp().toString());
        job.put("ADAPTER", ResidentMachine.launcher().toString());
        job.put("URL", service.url());
        job.put("GO", Program.GO.path().toString());
        job.put("MODULE", reference.module().directory().toString());
        job.put("OUT", temp.resolve("out").toString());
        return job;
    }

    private Path runnerTemp() {
        Path directory = temp.resolve("rt");
        assertThat(directory.toFile().mkdirs()).isTrue();
        return directory;
    }

    private static Path adapterDirectory() {
        return ResidentMachine.launcher().resolve("../..").normalize();
    }

    /** Runs a script that must succeed. */
    private ChildProcess step(Map<String, String> job, String... lines) {
        ChildProcess script = run(job, lines);
        assertThat(script.awaitExit(GoClient.LIMIT)).as("stderr: %s", script.stderr()).isZero();
        return script;
    }

    private ChildProcess run(Map<String, String> job, String... lines) {
        return machine.run(job, "/bin/sh", "-c", String.join("\n", lines));
    }
}
