package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.testing.Reports;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class StatisticsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir private Path directory;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> failures = new ArrayList<>();

    @Test
    void sumsUpInOneLine() {
        assertThat(StatsText.line(Reports.warm()))
                .isEqualTo(
                        "301 gets: 12 local hits, 287 from the service (21 MB, 60 MB unpacked, 280 fetched ahead), 2"
                                + " misses; 1 put: 1 uploaded (4.0 kB); 1.05 s waiting for gets,"
                                + " 289 round trips, 2.34 s in all");
    }

    @Test
    void saysInTheLineWhatFailed() {
        assertThat(StatsText.line(Reports.failed()))
                .isEqualTo(
                        "300 gets: 0 local hits, 0 from the service, 300 misses (300 of them not"
                                + " answered); 10 puts: 0 uploaded, 10 not uploaded; 0.00 s waiting"
                                + " for gets, 3 round trips, 0.00 s in all; the service failed");
    }

    @Test
    void saysOfSeveralBuildsWhatFailedInALineOfItsOwn() {
        assertThat(StatsText.totals(Reports.failed())).doesNotContain("failed");
        assertThat(StatsText.failures(Reports.failed()))
                .isEqualTo(
                        "the service failed 3 times (last: it said \"no\"): 300 gets not answered,"
                                + " 10 objects not uploaded; the local cache did not take 1 object"
                                + " (last: cannot write C:\\cache)");
        assertThat(StatsText.failures(Reports.warm())).isNull();
    }

    @Test
    void appendsALineOfJsonForEachBuild() throws Exception {
        Path file = directory.resolve("new/stats.json");
        report(file).ended(Reports.warm());
        report(file).ended(Reports.failed());

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst())
                .startsWith(
                        "{\"time\":\"2026-11-23T10:00:00.000000000Z\",\"adapterVersion\":\"1.2\",\"goVersion\":\"go1.26.8\","
                                + "\"command\":\"go build ./...\",\"directory\":\"/home/gopher/app\"")
                .contains("\"ending\":\"closed\",\"durationMillis\":2340,\"waitMillis\":1056")
                .contains("\"bytesFetched\":60000000,\"bytesTransferred\":21000000")
                .endsWith(",\"lastDiskFailure\":null}");
        assertThat(lines.getLast())
                .contains("\"ending\":\"gone\"")
                .contains("\"lastServiceFailure\":\"it said \\\"no\\\"\"")
                .contains("\"lastDiskFailure\":\"cannot write C:\\\\cache\"");
        assertThat(err.size()).isZero();
    }

    @Test
    void saysWhenStatisticsCannotBeWritten() throws Exception {
        report(directory).ended(Reports.warm());

        assertThat(failures)
                .singleElement()
                .asString()
                .startsWith("cannot write statistics to " + directory);
        assertThat(err.size()).as("stderr, which nobody watches").isZero();
    }

    private BuildReport report(Path file) throws Exception {
        String[] flags = {
            "--server=http://cache:8080", "--cache-dir=/cache", "--stats-file=" + file
        };
        return new BuildReport(
                CommandLine.parse(flags, Map.of()).session(),
                new GoInvocation(
                        "/home/gopher/app",
                        List.of("/usr/local/go/bin/go", "build", "./..."),
                        Map.of("GOVERSION", "go1.26.8")),
                "1.2",
                reporter(),
                () -> NOW);
    }

    private Reporter reporter() {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Reporter(stream, false, () -> false, failures::add, null);
    }
}
