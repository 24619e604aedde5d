package io.gocacheserver.endtoend.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ReferenceBuild.Large;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A fresh runner fetches by a few requests, before it is asked, what the last build of its kind used. */
@ExtendWith(ReferenceBuild.Resolver.class)
class FreshRunnerIT {

    @AutoClose private static ServiceProcess service;
    private static TestModule module;
    private static Path binary;

    @TempDir private Path temp;

    @BeforeAll
    static void fillTheService(@Large ReferenceBuild reference, @TempDir Path directory)
            throws IOException {
        service = ServiceProcess.start(directory.resolve("service"));
        module = reference.module();
        binary = reference.binary();
        reference.fill(service, directory);
    }

    @Test
    void compilesNothingAfterFewRoundTrips() throws IOException {
        GoResult build = machine("second").build(module, temp.resolve("binary-2"));

        assertThat(build.compiles()).isEmpty();
        assertThat(temp.resolve("binary-2")).hasSameBinaryContentAs(binary);
        assertThat(statistic("second", "prefetchedUsed"))
                .as("hits that had been fetched ahead")
                .isGreaterThan(statistic("second", "serviceHits") * 8 / 10);
        assertThat(statistic("second", "roundTrips"))
                .as("round trips, for so many gets")
                .isLessThan(statistic("second", "gets") / 3);
    }

    @Test
    void asksForNothingWhereAllIsOnDisk(@Large ReferenceBuild reference) throws IOException {
        reference.copyNativeCache(temp.resolve("first"));
        machine("first").build(module, temp.resolve("binary-2"));
        long before = statistic("first", "gets");

        machine("first").build(module, temp.resolve("binary-3"));

        assertThat(before).isPositive();
        assertThat(statistic("first", "serviceHits")).isZero();
        assertThat(statistic("first", "prefetched")).isZero();
    }

    @Test
    void sendsWhatANativeBuildHadMadeAndTheServiceLacks(@Large ReferenceBuild reference)
            throws IOException {
        ServiceProcess other = ServiceProcess.start(temp.resolve("other"));
        try {
            Path cache = reference.copyNativeCache(temp.resolve("native"));
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
                machine("second", "--prefetch-max-bytes=0").build(module, temp.resolve("binary-2"));

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
        List<String> all = new ArrayList<>(GoClient.PATIENT);
        all.addAll(List.of(options));
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
