package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.testing.Reports;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class BuildJsonTest {

    private static final GoInvocation BUILD =
            new GoInvocation(
                    "/no/module",
                    List.of("go", "install", "example.com/\"app\"@v1"),
                    Map.of("GOVERSION", "go1.26.1", "GOOS", "linux", "GOARCH", "amd64"));

    @Test
    void tellsWhatABuildDid() {
        assertThat(json(Reports.warm()))
                .isEqualTo(
                        "{\"module\":\"example.com/\\\"app\\\"\",\"command\":\"go install\",\"goVersion\":\"go1.26.1\","
                                + "\"platform\":\"linux/amd64\",\"adapterVersion\":\"1.2\",\"trace\":\"00-1-2-00\",\"ending\":\"closed\","
                                + "\"durationMillis\":2340,\"waitMillis\":1056,\"localHits\":12,\"serviceHits\":287,"
                                + "\"misses\":2,\"executed\":1,\"executionMillis\":1500,\"bytesFetched\":60000000,\"bytesTransferred\":21000000,\"uploads\":1,"
                                + "\"bytesUploaded\":4096,\"unsent\":0,\"serviceFailures\":0,\"failure\":null,\"prefetched\":290,"
                                + "\"prefetchUsed\":280,\"build\":{\"branch\":\"main\"}}");
    }

    @Test
    void saysNothingOfAPrefetchThatThereWasNot() {
        assertThat(json(Reports.failed()))
                .doesNotContain("prefetch")
                .contains("\"ending\":\"gone\"")
                .contains("\"unsent\":10,");
    }

    @Test
    void leavesOutBuildsInWhichTheServiceHadNoPart() {
        assertThat(BuildReport.isWorthTelling(Reports.warm())).isTrue();
        assertThat(BuildReport.isWorthTelling(Reports.local())).isFalse();
    }

    private static String json(SessionReport report) {
        return new String(
                BuildReport.forService(report, BUILD, "{\"branch\":\"main\"}", "1.2", "00-1-2-00"),
                StandardCharsets.UTF_8);
    }
}
