package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Results of {@code go test} and {@code go vet} are shared as packages are. */
@ExtendWith(ReferenceBuild.Resolver.class)
class GoTestIT {

    @TempDir private Path temp;

    @Test
    void testResultsAreCachedForTheSecondMachine(ReferenceBuild reference) throws IOException {
        TestModule module = reference.module();
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            Path warm = reference.copyCommandCache(temp.resolve("first"));
            GoClient first = GoClient.withAdapter(service.url(), warm);
            GoResult ran = first.run(module, "test", "./p0", "./p1");
            assertThat(testLines(ran)).isNotEmpty().noneMatch(line -> line.endsWith("(cached)"));
            first.run(module, "vet", "./p1");

            GoClient second = GoClient.withAdapter(service.url(), temp.resolve("second"));
            GoResult cached = second.run(module, "test", "-x", "./p0", "./p1");
            assertThat(testLines(cached))
                    .hasSameSizeAs(testLines(ran))
                    .allMatch(line -> line.endsWith("(cached)"));
            assertThat(cached.compiles()).isEmpty();
            assertThat(second.run(module, "vet", "-x", "./p1").compiles()).isEmpty();
        }
    }

    /** Two machines with a checkout each at the same path, one after the other; the names need more than ASCII. */
    @Test
    @Needs(Program.GIT)
    void testsThatReadFilesHitOnAnotherCheckoutIfTimesAreStable(ReferenceBuild reference)
            throws IOException {
        Path origin = repository();
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            String url = service.url();
            TestModule module = checkout(origin);
            GoClient first =
                    GoClient.withAdapter(url, reference.copyCommandCache(temp.resolve("1")));
            assertThat(first.run(module, "test", "./...").stdout()).doesNotContain("(cached)");
            module = checkout(origin);
            GoClient second = GoClient.withAdapter(url, temp.resolve("2"));
            assertThat(second.run(module, "test", "./...").stdout()).doesNotContain("(cached)");

            module = checkout(origin);
            setTimes(module);
            assertThat(second.run(module, "test", "./...").stdout()).doesNotContain("(cached)");
            module = checkout(origin);
            setTimes(module);
            GoClient third = GoClient.withAdapter(url, temp.resolve("3"));
            assertThat(third.run(module, "test", "./...").stdout()).contains("(cached)");

            Files.writeString(module.directory().resolve("testdata/grün.txt"), "neu");
            git(module.directory(), "commit", "--quiet", "--all", "--message=change");
            setTimes(module);
            assertThat(third.run(module, "test", "./...").stdout()).doesNotContain("(cached)");
        }
    }

    @Test
    void resultsOfTestsStayWhereTheyWereMadeIfTheyAreNotShared(ReferenceBuild reference)
            throws IOException {
        TestModule module = reference.module();
        String unshared = "--share-tests=false";
        String[] test = {"test", "-x", "-coverprofile=" + temp.resolve("cover"), "./p0", "./p1"};
        try (ServiceProcess service = ServiceProcess.start(temp.resolve("service"))) {
            String url = service.url();
            Path warm = reference.copyCommandCache(temp.resolve("1"));
            GoClient first = GoClient.withAdapter(url, warm, unshared);
            first.run(module, test);
            assertThat(testLines(first.run(module, test)))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("(cached)"));

            // Nothing was sent; then all is sent, but not taken.
            GoResult ran = GoClient.withAdapter(url, temp.resolve("2")).run(module, test);
            assertThat(testLines(ran)).isNotEmpty().noneMatch(line -> line.contains("(cached)"));
            assertThat(ran.compiles()).isEmpty();
            ran = GoClient.withAdapter(url, temp.resolve("3"), unshared).run(module, test);
            assertThat(testLines(ran)).isNotEmpty().noneMatch(line -> line.contains("(cached)"));
            assertThat(ran.compiles()).isEmpty();
            ran = GoClient.withAdapter(url, temp.resolve("4")).run(module, test);
            assertThat(testLines(ran)).isNotEmpty().allMatch(line -> line.contains("(cached)"));
        }
    }

    private Path repository() throws IOException {
        TestModule origin = TestModule.empty(temp.resolve("origin"), "example.test/reads");
        origin.write("reads.go", "package reads\n");
        origin.write("testdata/grün.txt", "alt");
        origin.write(
                "reads_test.go",
                """
                package reads

                import (
                    "os"
                    "testing"
                )

                func TestRead(t *testing.T) {
                    if _, err := os.ReadFile("testdata/grün.txt"); err != nil {
                        t.Fatal(err)
                    }
                    if _, err := os.ReadDir("testdata"); err != nil {
                        t.Fatal(err)
                    }
                }
                """);
        git(origin.directory(), "init", "--quiet");
        git(origin.directory(), "add", "--all");
        git(origin.directory(), "commit", "--quiet", "--message=all");
        return origin.directory();
    }

    private TestModule checkout(Path origin) throws IOException {
        Path to = temp.resolve("checkout");
        FileSystemUtils.deleteRecursively(to);
        git(origin, "clone", "--quiet", origin.toString(), to.toString());
        return new TestModule(to, "example.test/reads");
    }

    private static void git(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Program.GIT.path().toString()));
        command.addAll(List.of("-c", "user.name=T", "-c", "user.email=t@example"));
        command.addAll(List.of(arguments));
        run(directory, command);
    }

    private static void setTimes(TestModule module) {
        run(module.directory(), List.of(ResidentMachine.launcher().toString(), "stable-times"));
    }

    private static void run(Path directory, List<String> command) {
        Map<String, String> environment =
                Map.of("LC_ALL", "C", "JAVA_HOME", System.getProperty("java.home"));
        try (ChildProcess process = ChildProcess.start(directory, environment, command)) {
            assertThat(process.awaitExit()).as(process.stderr()).isZero();
        }
    }

    private static List<String> testLines(GoResult result) {
        return result.stdout().lines().filter(line -> line.startsWith("ok ")).toList();
    }
}
