package io.gocacheserver.operations;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.EmbeddedS3;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.S3Client;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the chart's alerts and dashboard ask Prometheus for is what the service exports: each metric, each label, and each
 * value of a label that an expression names. A service that has answered some requests, one of them with an error, is scraped for that.
 */
class ChartMetricsTest {

    private static final Path FILES = Path.of("helm", "go-cache-server", "files");

    /** Those that Prometheus itself adds to what it scrapes. */
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("namespace", "instance", "job");

    private static final Pattern EXPORTED =
            Pattern.compile("^([a-z_]\\w*)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)(=|!=|=~|!~)\"([^\"]*)\"");
    private static final Pattern SELECTOR =
            Pattern.compile("\\b([a-z]\\w*_\\w+|up)\\b(?:\\{([^}]*)})?(?!\\s*\\()");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern TEMPLATE_LABEL =
            Pattern.compile("\\{\\{\\s*\\$labels\\.(\\w+)\\s*}}");

    @AutoClose private static EmbeddedS3 s3;

    private static final Map<String, Map<String, Set<String>>> METRICS = new HashMap<>();

    @BeforeAll
    static void scrapeAServiceThatHasWorked(@TempDir Path directory) throws Exception {
        s3 = EmbeddedS3.start();
        try (RunningService service =
                RunningService.start(
                        directory,
                        RunningService.s3Properties(
                                s3.endpoint(),
                                "cache-server.s3.drain-timeout=0s",
                                "cache-server.modules.upstream=http://127.0.0.1:1"))) {
            service.context()
                    .getBean(S3Client.class)
                    .createBucket(request -> request.bucket("bucket"));
            TestObject object = TestObject.ofSize(100);
            assertThat(service.put(object)).isEqualTo(204);
            assertThat(service.get("/action/" + object.action()).statusCode()).isEqualTo(200);
            assertThat(service.get("/mod/example.com/m/@v/list").statusCode()).isEqualTo(502);
            s3.close();
            assertThat(service.get("/action/" + TestValues.action("none")).statusCode())
                    .isEqualTo(502);
            await().until(
                            () -> {
                                System.gc(); // metrics of collections begin with the first one
                                METRICS.clear();
                                read(service.text("/actuator/prometheus"));
                                return METRICS.containsKey("jvm_gc_pause_seconds_sum")
                                        && METRICS.containsKey("jvm_memory_usage_after_gc");
                            });
        }
    }

    @Test
    void alertsAskForWhatThereIs() throws Exception {
        String alerts = Files.readString(FILES.resolve("alerts.yaml"));
        List<String> expressions = new ArrayList<>();
        Matcher rules =
                Pattern.compile("(?s)\\n {8}expr: (.*?)\\n {8}(?:for|labels):").matcher(alerts);
        while (rules.find()) {
            expressions.add(rules.group(1));
        }
        assertThat(expressions)
                .hasSize((int) Pattern.compile("- alert:").matcher(alerts).results().count());
        expressions.forEach(ChartMetricsTest::check);
    }

    @Test
    void anAlertNamesNoLabelThatItsExpressionDoesNotKeep() throws Exception {
        for (String alert :
                Files.readString(FILES.resolve("alerts.yaml")).split("\n {6}- alert: ", -1)) {
            Matcher named = TEMPLATE_LABEL.matcher(alert);
            while (named.find()) {
                String label = named.group(1);
                boolean kept =
                        alert.contains("up{")
                                || GROUPING.matcher(alert)
                                        .results()
                                        .allMatch(group -> labels(group.group(1)).contains(label));
                assertThat(kept).as("%s in %s", label, alert).isTrue();
            }
        }
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws Exception {
        JsonNode dashboard = JsonMapper.shared().readTree(FILES.resolve("dashboard.json").toFile());
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.get("expr").asString());
            }
        }
        assertThat(expressions).hasSizeGreaterThan(30);
        assertThat(dashboard.at("/links/0/url").asString()).endsWith("/#/builds");
        expressions.forEach(ChartMetricsTest::check);
    }

    @Test
    void aMetricThatThereIsNotWouldBeFound() {
        assertThat(problems("rate(gocache_request_seconds_count[5m])")).hasSize(1);
        assertThat(problems("sum by (opration) (gocache_requests_seconds_count)")).hasSize(1);
        assertThat(problems("gocache_disk_state{status=\"full\"}")).hasSize(1);
        assertThat(problems("gocache_disk_state{state=~\"full|readonly\"}")).hasSize(1);
        assertThat(problems("max by (state) (gocache_disk_state{state=\"full\",instance=\"a\"})"))
                .isEmpty();
    }

    private static void check(String expression) {
        assertThat(problems(expression)).as(expression).isEmpty();
    }

    private static List<String> problems(String expression) {
        List<String> problems = new ArrayList<>();
        Set<String> known = new HashSet<>(LABELS_OF_PROMETHEUS);
        Matcher selectors = SELECTOR.matcher(withoutGroupings(expression));
        while (selectors.find()) {
            String metric = selectors.group(1);
            if (metric.equals("up")) {
                continue; // Prometheus's own
            }
            Map<String, Set<String>> labels = METRICS.get(metric);
            if (labels == null) {
                problems.add("no metric " + metric);
                continue;
            }
            known.addAll(labels.keySet());
            String matchers = selectors.group(2) == null ? "" : selectors.group(2);
            LABEL.matcher(matchers)
                    .results()
                    .filter(matcher -> !LABELS_OF_PROMETHEUS.contains(matcher.group(1)))
                    .forEach(
                            matcher ->
                                    problemsOf(metric, labels, matcher.group(1), matcher.group(3))
                                            .forEach(problems::add));
        }
        GROUPING.matcher(expression)
                .results()
                .flatMap(group -> labels(group.group(1)).stream())
                .filter(label -> !known.contains(label))
                .forEach(label -> problems.add("no label " + label));
        return problems;
    }

    private static List<String> problemsOf(
            String metric, Map<String, Set<String>> labels, String label, String values) {
        Set<String> exported = labels.get(label);
        if (exported == null) {
            return List.of("no label " + label + " of " + metric);
        }
        return List.of(values.split("\\|", -1)).stream()
                .filter(value -> !exported.contains(value))
                .map(value -> metric + " has no " + label + " " + value)
                .toList();
    }

    private static String withoutGroupings(String expression) {
        return GROUPING.matcher(expression).replaceAll("").replaceAll("\\[[^]]*]", "");
    }

    private static List<String> labels(String list) {
        return List.of(list.trim().split("\\s*,\\s*", -1));
    }

    private static void read(String scrape) {
        Matcher lines = EXPORTED.matcher(scrape);
        while (lines.find()) {
            Map<String, Set<String>> labels =
                    METRICS.computeIfAbsent(lines.group(1), metric -> new HashMap<>());
            if (lines.group(2) != null) {
                LABEL.matcher(lines.group(2))
                        .results()
                        .forEach(
                                label ->
                                        labels.computeIfAbsent(
                                                        label.group(1), name -> new HashSet<>())
                                                .add(label.group(3)));
            }
        }
    }
}
