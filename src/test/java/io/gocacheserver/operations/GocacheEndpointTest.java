package io.gocacheserver.operations;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.Purger;
import io.gocacheserver.cache.Purger.Purged;
import io.gocacheserver.cache.Quotas;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.profile.ProfileProperties;
import io.gocacheserver.testsupport.InMemoryDocuments;
import io.gocacheserver.web.WebProperties;
import io.gocacheserver.web.prefetch.Prefetches.PrefetchProperties;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What an operator sees and does, over a disk tier that is in whatever state a test says. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        classes = GocacheEndpointTest.Service.class,
        properties = "cache-server.shutdown.delay=0s")
class GocacheEndpointTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String BASE = "/actuator/gocache";

    @EnableAutoConfiguration
    @EnableConfigurationProperties({
        ShutdownProperties.class,
        KnownSettings.class,
        WebProperties.class,
        PrefetchProperties.class,
        ProfileProperties.class
    })
    @ComponentScan(
            basePackages = {
                "io.gocacheserver.operations",
                "io.gocacheserver.profile",
                "io.gocacheserver.web"
            },
            excludeFilters =
                    @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*ModulesEndpoint"))
    static class Service {

        @Bean
        FakeStore store() {
            return new FakeStore();
        }

        @Bean
        LocalDocuments documents() {
            return new InMemoryDocuments();
        }

        @Bean
        FakePurging purging(FakeStore store) {
            return new FakePurging(store);
        }

        @Bean
        ActionFilters filters() {
            return new ActionFilters(InstantSource.system());
        }

        @Bean
        CacheCounters counters() {
            return new CacheCounters();
        }

        @Bean
        TieredCache cache(FakeStore store, CacheCounters counters) {
            return new TieredCache(
                    store,
                    null,
                    counters,
                    key -> {},
                    InstantSource.system(),
                    new Quotas(new InMemoryLocalTier(), List.of()));
        }
    }

    /** Says what it was asked to do. */
    static final class FakePurging extends Purger {

        final List<String> asked = new ArrayList<>();
        List<String> failures = List.of();

        FakePurging(FakeStore store) {
            super(store, null, store, InstantSource.system());
        }

        @Override
        public Purged purge(
                ActionId action,
                @Nullable Namespace namespace,
                String by,
                String from,
                @Nullable String reason) {
            String in = namespace == null ? "" : " in " + namespace;
            return purge("action", action.hex() + in, by, from, reason);
        }

        @Override
        public List<Entry> written(WrittenBy query, int max) {
            asked.add("%s %d".formatted(query, max));
            return List.of(FakeStore.ENTRY);
        }

        @Override
        public Purged purge(WrittenBy query, String by, String from, @Nullable String reason) {
            return purge("writes", String.valueOf(query.by().token()), by, from, reason);
        }

        @Override
        public Purged purge(OutputId output, String by, String from, @Nullable String reason) {
            return purge("output", output.hex(), by, from, reason);
        }

        private Purged purge(
                String kind, String id, String by, String from, @Nullable String reason) {
            asked.add("%s %s by %s from %s: %s".formatted(kind, id, by, from, reason));
            return new Purged(
                    kind,
                    id,
                    1,
                    1,
                    List.of(ActionKey.global(FakeStore.ACTION)),
                    List.of(FakeStore.OUTPUT),
                    "removed",
                    failures);
        }
    }

    @LocalServerPort private int port;
    @Autowired private FakeStore store;
    @Autowired private FakePurging purging;

    @BeforeEach
    void reset() {
        store.state = State.WORKING;
        store.started.clear();
        purging.asked.clear();
        purging.failures = List.of();
    }

    @Test
    void theOverviewHasItAll() throws Exception {
        send("GET", "/action/abcd");
        send("GET", "/action/abce");
        var response = send("GET", BASE);
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode overview = JsonMapper.shared().readTree(response.body());
        assertThat(overview.propertyNames())
                .containsExactly("state", "requests", "traffic", "disk", "scrub", "purges");
        assertThat(overview.at("/state").asString()).isEqualTo("working");
        long hits = overview.at("/requests/hits").asLong();
        long gets = overview.at("/requests/gets").asLong();
        assertThat(hits).isPositive().isLessThan(gets);
        assertThat(overview.at("/requests/hitRate").asDouble()).isBetween(0.01, 0.99);
        assertThat(overview.at("/disk/objects").asLong()).isEqualTo(2);
        assertThat(overview.at("/disk/size/bytes").asLong()).isEqualTo(3000);
        assertThat(overview.at("/disk/size/text").asString()).isEqualTo("3.0 kB");
        assertThat(overview.at("/disk/percentFull").asDouble()).isEqualTo(50.0);
        assertThat(overview.at("/disk/oldestIdle").asString()).isEqualTo("PT30H");
        assertThat(overview.at("/disk/evictions").propertyNames())
                .containsExactly("size", "age", "volume");
        assertThat(overview.at("/disk/evictions/age/actions").asLong()).isEqualTo(7);
        assertThat(overview.at("/disk/corruptions/scrub").asLong()).isEqualTo(5);
        assertThat(overview.at("/scrub/progress").asDouble()).isEqualTo(0.25);
        assertThat(overview.at("/scrub/completed").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(overview.at("/purges/0/by").asString()).isEqualTo("alice");
        assertThat(overview.at("/purges/0/time").asString()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void headOfTheOverviewIsFine() throws Exception {
        var response = send("HEAD", BASE);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"evict", "scrub"})
    void aTaskIsStarted(String task) throws Exception {
        var response = send("POST", BASE + "/" + task);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(json(response).at("/started").asString()).isEqualTo(task);
        assertThat(store.started).containsExactly(task);
    }

    @Test
    void anUnknownTaskIsToldWhatThereIs() throws Exception {
        assertProblem(send("POST", BASE + "/defragment"), 404, "not-found", "evict and scrub");
        assertThat(store.started).isEmpty();
    }

    @Test
    void anActionIsPurged() throws Exception {
        var response = send("DELETE", BASE + "/action/abcd?by=alice&reason=it%20is%20poisoned");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).at("/actions/0").asString()).isEqualTo("abcd");
        assertThat(json(response).at("/objects/0").asString()).isEqualTo("ef01");
        assertThat(json(response).at("/remote").asString()).isEqualTo("removed");
        assertThat(purging.asked)
                .containsExactly("action abcd by alice from 127.0.0.1: it is poisoned");
    }

    @Test
    void anOutputIsPurgedAlsoWithoutAReason() throws Exception {
        assertThat(send("DELETE", BASE + "/output/ef01?by=bob").statusCode()).isEqualTo(200);
        assertThat(purging.asked).containsExactly("output ef01 by bob from 127.0.0.1: null");
    }

    @ParameterizedTest
    @CsvSource({"''", "?by=", "?by=%20", "?reason=x"})
    void aPurgeNeedsToSayWhoDoesIt(String query) throws Exception {
        assertProblem(
                send("DELETE", BASE + "/action/abcd" + query), 400, "bad-request", "?by=<name>");
        assertThat(purging.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"DELETE", "GET"})
    void aBadIdIsRefusedWithItsMessage(String method) throws Exception {
        assertProblem(
                send(method, BASE + "/action/ABCD?by=alice"), 400, "bad-id", "action ID \\\"ABCD");
        assertProblem(
                send(method, BASE + "/output/abc?by=alice"), 400, "bad-id", "output ID \\\"abc");
    }

    @ParameterizedTest
    @CsvSource({"DELETE", "GET"})
    void onlyActionsAndOutputsHaveIds(String method) throws Exception {
        assertProblem(
                send(method, BASE + "/thing/abcd?by=alice"), 404, "not-found", "action and output");
    }

    @Test
    void aPurgeThatIsNotCompleteSaysWhatIsDoneAndWhatIsNot() throws Exception {
        purging.failures = List.of("action record abcd is not deleted: [s3] delete: 403");
        var response = send("DELETE", BASE + "/action/abcd?by=alice");
        assertProblem(response, 502, "s3-error", "removed from disk 1 actions and 1 objects");
        assertThat(response.body()).contains("not done: action record abcd is not deleted");
        purging.failures = List.of("[disk] remove action abcd: disk I/O error");
        assertProblem(
                send("DELETE", BASE + "/action/abcd?by=alice"), 507, "disk-full", "I/O error");
    }

    @Test
    void whatTheDiskKnowsOfAnId() throws Exception {
        JsonNode action = json(send("GET", BASE + "/action/abcd"));
        assertThat(action.at("/output").asString()).isEqualTo("ef01");
        assertThat(action.at("/size/bytes").asLong()).isEqualTo(3);
        assertThat(action.at("/coding").asString()).isEqualTo("identity");
        assertThat(action.at("/time").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(json(send("GET", BASE + "/output/ef01")).at("/where").asString())
                .isEqualTo("index");
        assertProblem(send("GET", BASE + "/action/abce"), 404, "miss", "not on disk");
        assertProblem(send("GET", BASE + "/output/ef02"), 404, "miss", "not on disk");
    }

    @Test
    void writesAreListedAndPurgedByWriter() throws Exception {
        JsonNode listed =
                json(
                        send(
                                "GET",
                                BASE
                                        + "/writes?token=ci&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00%2B01:00&limit=5"));
        assertThat(listed.at("/writes/0/token").asString()).isEqualTo("ci");
        assertThat(listed.at("/writes/0/namespace").asString()).isEqualTo("global");
        assertThat(listed.at("/writes/0/address").asString()).isEqualTo("10.0.0.8");
        assertThat(listed.at("/complete").asBoolean()).isTrue();
        assertThat(purging.asked.getLast())
                .contains("token=ci")
                .contains("from=2026-01-01T00:00:00Z, to=2026-01-01T23:00:00Z")
                .endsWith(" 5");

        assertThat(send("DELETE", BASE + "/writes?token=ci&by=jo&reason=bad").statusCode())
                .isEqualTo(200);
        assertThat(purging.asked.getLast()).startsWith("writes ci by jo from 127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /writes, say whose writes",
        "DELETE, /writes?by=jo, say whose writes",
        "DELETE, /writes?token=ci, say who does it",
        "GET, /writes?token=ci&from=yesterday, from must be a time",
        "GET, /writes?token=ci&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z, to is before from",
        "GET, /writes?namespace=No, has a character",
        "DELETE, /action/abcd?by=jo&namespace=No, has a character"
    })
    void writesThatMakeNoSenseAreNotAskedFor(String method, String path, String message)
            throws Exception {
        assertProblem(send(method, BASE + path), 400, "bad-request", message);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, '', GET",
        "PUT, '', GET",
        "DELETE, '', GET",
        "PUT, /evict, POST",
        "PATCH, /evict, POST",
        "POST, /action/abcd, DELETE"
    })
    void anotherMethodIsNotAllowedAndTheAnswerSaysWhichAre(
            String method, String path, String allowed) throws Exception {
        var response = send(method, BASE + path);
        assertProblem(response, 405, "method-not-allowed", method);
        assertThat(response.headers().firstValue("Allow").orElse("")).contains(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "WORKING, 200, 200, UP",
        "FULL, 503, 200, DEGRADED",
        "READ_ONLY, 503, 200, DEGRADED",
        "UNAVAILABLE, 503, 503, DOWN"
    })
    void aDegradedDiskIsShownAndDoesNotTakeReadinessAway(
            State state, int health, int readiness, String status) throws Exception {
        store.state = state;
        await().untilAsserted(
                        () ->
                                assertThat(
                                                json(send("GET", "/actuator/health"))
                                                        .at("/status")
                                                        .asString())
                                        .isEqualTo(status));
        assertThat(send("GET", "/actuator/health").statusCode()).isEqualTo(health);
        var response = send("GET", "/actuator/health/readiness");
        assertThat(response.statusCode()).isEqualTo(readiness);
        assertThat(json(response).at("/status").asString()).isEqualTo(status);
        assertThat(send("GET", "/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    private static void assertProblem(
            HttpResponse<String> response, int status, String type, String text) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(json(response).at("/type").asString())
                .isEqualTo("urn:go-cache-server:problem:" + type);
        assertThat(response.body()).contains(text);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    @Test
    void aBodyThatIsNoJsonIsTheClientsMistake() throws Exception {
        HttpResponse<String> response =
                CLIENT.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + port + BASE + "/evict"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"task\":\0"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"status\":400");
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
