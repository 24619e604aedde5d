package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A fresh runner fetches by a few requests, before it is asked, what the last build of its kind used. */
@Needs(Program.GO)
class FreshRunnerIT {

    @TempDir private Path temp;
    @AutoClose private ServiceProcess service;
    private TestModule module;

    @BeforeEach
    void fillTheService() throws IOException {
        service = ServiceProcess.start(temp.resolve("service"));
        module = TestModule.large(temp.resolve("module"));
        assertThat(machine("first").build(module, temp.resolve("binary-1")).adapterLines())
                .isEmpty();
    }

    @Test
    void compilesNothingAfterFewRoundTrips() throws IOException {
        GoResult build = machine("second").build(module, temp.resolve("binary-2"));

        assertThat(build.compiles()).isEmpty();
        assertThat(temp.resolve("binary-2")).hasSameBinaryContentAs(temp.resolve("binary-1"));
        assertThat(statistic("second", "prefetchedUsed"))
                .as("hits that had been fetched ahead")
                .isGreaterThan(statistic("second", "serviceHits") * 8 / 10);
        assertThat(statistic("second", "roundTrips"))
                .as("round trips, for so many gets")
                .isLessThan(statistic("second", "gets") / 3);
    }

    @Test
    void asksForNothingWhereAllIsOnDisk() throws IOException {
        machine("first").build(module, temp.resolve("binary-2"));
        long before = statistic("first", "gets");

        machine("first").build(module, temp.resolve("binary-3"));

        assertThat(before).isPositive();
        assertThat(statistic("first", "serviceHits")).isZero();
        assertThat(statistic("first", "prefetched")).isZero();
    }

    @Test
    void sendsWhatANativeBuildHadMadeAndTheServiceLacks() throws IOException {
        ServiceProcess other = ServiceProcess.start(temp.resolve("other"));
        try {
            Path cache = temp.resolve("native");
            GoClient.withNativeCache(cache).build(module, temp.resolve("binary-2"));
            GoClient.withAdapter(other.url(), cache).build(module, temp.resolve("binary-3"));

            GoResult build =
                    GoClient.withAdapter(other.url(), temp.resolve("third"))
                            .build(module, temp.resolve("binary-4"));

            assertThat(build.compiles()).isEmpty();
        } finally {
            other.close();
        }
    }

    @Test
    void doesWithoutIfItIsNotWanted() throws IOException {
        GoResult build =
                machine("second", "--prefetch=false").build(module, temp.resolve("binary-2"));

        assertThat(build.compiles()).isEmpty();
        assertThat(statistic("second", "prefetched")).isZero();
    }

    @Test
    void goesOnWithinItsByteBudget() throws IOException {
        GoResult build =
                machine("second", "--prefetch-max-bytes=200kB")
                        .build(module, temp.resolve("binary-2"));

        assertThat(build.compiles()).isEmpty();
        assertThat(statistic("second", "prefetched"))
                .isLessThan(statistic("second", "serviceHits"));
    }

    private GoClient machine(String name, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--stats-file=" + temp.resolve(name + ".json"));
        return GoClient.withAdapter(service.url(), temp.resolve(name), all.toArray(String[]::new));
    }

    /** A number of the machine's last build. */
    private long statistic(String machine, String name) throws IOException {
        String line = Files.readAllLines(temp.resolve(machine + ".json")).getLast();
        Matcher matcher = Pattern.compile("\"" + name + "\":(\\d+)").matcher(line);
        assertThat(matcher.find()).as(name + " in " + line).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
