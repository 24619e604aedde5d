package io.gocacheserver.endtoend.service;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ChildProcess;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.model.ActionId;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A module is changed in several ways, and after each build the service says which package is the cause, and why. */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ReferenceBuild.Resolver.class)
class ExplainIT {

    private static final String MODULE = "example.test/explained";

    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;
    private TestModule module = new TestModule(Path.of("module"), MODULE);
    private int binaries;

    @BeforeAll
    static void startService(@TempDir Path directory) {
        service = ServiceProcess.start(directory);
    }

    @Test
    void eachChangeIsFoundOut(ReferenceBuild reference) throws IOException {
        module = new TestModule(temp.resolve("module"), MODULE);
        TestModule.tiny(module.directory(), MODULE);
        module.write("p1/extra.go", "//go:build extra\n\npackage p1\n\nfunc Extra() {}\n");
        module.write(
                "p0/input_test.go",
                """
                package p0

                import ("os"; "testing")

                func TestInput(t *testing.T) {
                    if _, err := os.ReadFile("testdata/input"); err != nil { t.Fatal(err) }
                }
                """);
        module.write("p0/testdata/input", "before");
        try (ResidentMachine machine = new ResidentMachine(temp)) {
            reference.copyCommandCache(machine.cache());
            machine.serve();
            GoClient go = machine.go(service.url(), GoClient.PATIENT.toArray(String[]::new));

            build(go);
            assertThat(causes()).contains("p0 never-seen");

            append("p2/p2.go", "\nfunc More() {}\n");
            build(go);
            assertThat(causes()).containsExactly("p2 sources-changed");

            append("p0/p0.go", "\nfunc More() int { return 7 }\n");
            build(go);
            assertThat(causes()).containsExactly("p0 sources-changed");
            assertThat(detail().at("/roots/0/followers").asInt()).isPositive();

            build(go, "-tags=extra");
            assertThat(causes()).contains("p1 settings-differ");
            assertThat(detail().at("/roots").toString()).contains("-tags extra, before not set");

            module.write("p1/name.txt", "another");
            build(go);
            assertThat(causes()).containsExactly("p1 sources-changed");

            evict(machine, "p1");
            build(go);
            assertThat(causes()).containsExactly("p1 evicted");
            assertThat(explained(machine))
                    .contains("go build of " + MODULE, MODULE + "/p1: evicted: ");

            run(go, "test", "./p0");
            module.write("p0/testdata/input", "after it was changed");
            run(go, "test", "./p0");
            assertThat(causes()).containsExactly("p0 inputs-changed");
            assertThat(detail().at("/roots/0/detail").asString()).contains("testdata/input");

            append("p0/p0.go", "\nfunc Again() {}\n");
            run(go, "test", "-count=1", "./p0");
            assertThat(causes()).contains("all tests not-cacheable");

            append("p0/p0.go", "\nfunc Unnamed() {}\n");
            long before = latest();
            run(go.with("CACHESERVER_REPORTBUILDS", "unnamed"), "build", "./p0");
            await().until(() -> latest() > before);
            assertThat(machine.stop())
                    .contains("missed: " + MODULE + "/p0: its sources or embedded files changed");
            assertThat(detail().at("/packages").isEmpty()).isTrue();
        }
    }

    /** A build whose service is away is not forgotten: the next one that reaches it brings its report too. */
    @Test
    void aBuildThatSufferedIsReportedLater(ReferenceBuild reference) throws IOException {
        module = new TestModule(temp.resolve("module"), "example.test/suffered");
        TestModule.tiny(module.directory(), module.name());
        Path cache = reference.copyDependencyCache(temp.resolve("cache"));
        GoClient.withAdapter("http://127.0.0.1:1", cache)
                .build(module, temp.resolve("binary-" + ++binaries));
        append("p2/p2.go", "\nfunc More() {}\n");
        GoClient.withAdapter(service.url(), cache)
                .build(module, temp.resolve("binary-" + ++binaries));

        await().until(() -> builds("&failed=true").size() == 1);
        JsonNode suffered = builds("&failed=true").get(0);
        assertThat(suffered.at("/suffered").asBoolean()).isTrue();
        assertThat(suffered.at("/serviceFailures").asLong()).isPositive();
        assertThat(suffered.at("/failure").asString()).isNotEmpty();
    }

    private void build(GoClient go, String... flags) {
        List<String> words =
                new ArrayList<>(
                        List.of("build", "-o", temp.resolve("binary-" + ++binaries).toString()));
        words.addAll(List.of(flags));
        words.add(".");
        run(go, words.toArray(String[]::new));
    }

    /** Runs Go, and waits until its packages are known. */
    private void run(GoClient go, String... words) {
        long before = latest();
        go.run(module, words);
        if (!"unnamed".equals(go.environment().get("CACHESERVER_REPORTBUILDS"))) {
            await().until(() -> latest() > before && !detail().at("/packages").isEmpty());
        }
    }

    private void append(String file, String text) throws IOException {
        module.write(file, Files.readString(module.directory().resolve(file)) + text);
    }

    private void evict(ResidentMachine machine, String name) throws IOException {
        String action =
                detail().at("/packages")
                        .valueStream()
                        .filter(each -> each.at("/name").asString().equals(MODULE + '/' + name))
                        .findFirst()
                        .orElseThrow()
                        .at("/action")
                        .asString();
        service.client().purge(new ActionId(action));
        Files.delete(machine.cache().resolve(action.substring(0, 2)).resolve(action + "-a"));
    }

    private static String explained(ResidentMachine machine) {
        ChildProcess explain = machine.start("explain", "--server", service.url());
        assertThat(explain.awaitExit()).as(explain.stderr()).isZero();
        return explain.stdout();
    }

    private List<String> causes() {
        return detail().at("/roots")
                .valueStream()
                .map(root -> root.at("/package").asString() + ' ' + root.at("/reason").asString())
                .filter(cause -> cause.startsWith(MODULE) || cause.startsWith("all "))
                .map(cause -> cause.replace(MODULE + '/', ""))
                .toList();
    }

    private JsonNode detail() {
        return service.client().json("/builds/" + latest());
    }

    private long latest() {
        JsonNode builds = builds("");
        return builds.isEmpty() ? 0 : builds.get(0).at("/id").asLong();
    }

    private JsonNode builds(String more) {
        return service.client().json("/builds?module=" + module.name() + more).at("/builds");
    }
}
