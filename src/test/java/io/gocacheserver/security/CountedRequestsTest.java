package io.gocacheserver.security;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.BuildMessages;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestIssuer;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.UsedActions.Use;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Each kind of request counts for what its token may take, and what is sent counts for a namespace's quota. */
class CountedRequestsTest {

    /** Ten seconds' worth at once: 10,000 bytes. */
    private static final List<String> MEASURED =
            IntStream.range(0, 6).mapToObj("measured-%d-0123456789"::formatted).toList();

    private static final String SINGLE = "single-0123456789abcdef";
    private static final int SIZE = 12_000;

    @TempDir private Path directory;
    @AutoClose private TestIssuer issuer;
    private SecuredService service;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer();
        List<String> settings = new ArrayList<>();
        for (String secret : MEASURED) {
            token(settings, secret, "limits.bytes-per-second=1000B");
        }
        token(settings, SINGLE, "limits.concurrent-uploads=1");
        settings.add("cache-server.quotas[0].namespace=team");
        settings.add("cache-server.quotas[0].size=1MB");
        settings.add("cache-server.profile.max-size=2MB");
        service = new SecuredService(directory, issuer, settings.toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private static void token(List<String> settings, String secret, String limit) {
        String token = "cache-server.auth.tokens[%d].".formatted(5 + settings.size() / 4);
        settings.add(token + "name=" + secret.substring(0, 10));
        settings.add(token + "secret=" + secret);
        settings.add(token + "access=read-write");
        settings.add(token + limit);
    }

    @Test
    void bytesOfEachKindOfRequestCount() throws Exception {
        TestObject object = TestObject.ofSize(SIZE);
        assertThat(put(object.putPath(), SecuredService.WRITE, object.bytes())).isEqualTo(204);
        byte[] end = BuildMessages.end("k", uses(SIZE / 33));
        assertThat(post("/prefetch/used", SecuredService.WRITE, end).statusCode()).isEqualTo(200);
        byte[] one = BuildMessages.end("one", uses(object));
        assertThat(post("/prefetch/used", SecuredService.WRITE, one).statusCode()).isEqualTo(200);

        Iterator<String> tokens = MEASURED.iterator();
        String token = tokens.next();
        assertSpent(token, put("/output/" + object.output(), token, object.bytes()), 204);
        token = tokens.next();
        byte[] others = TestObject.ofSize(SIZE).bytes();
        assertSpent(token, put(object.putPath(), token, others), 422);
        token = tokens.next();
        assertSpent(token, post("/prefetch/used", token, end).statusCode(), 200);
        token = tokens.next();
        assertSpent(token, post("/prefetch", token, BuildMessages.start("k")).statusCode(), 200);
        token = tokens.next();
        assertSpent(token, post("/prefetch", token, BuildMessages.start("one")).statusCode(), 200);
        token = tokens.next();
        String report = "{\"module\":\"%s\"}".formatted("m".repeat(5_500));
        assertThat(service.post("/builds", token, report).statusCode()).isEqualTo(204);
        assertSpent(token, service.post("/builds", token, report).statusCode(), 204);
    }

    @Test
    void oneThatHangsUpBeforeTheEndHasTakenAllOfIt() throws Exception {
        TestObject object = TestObject.of(new byte[64_000_000]); // which is decoded on its way
        assertThat(put(object.putPath(), SecuredService.WRITE, object.bytes())).isEqualTo(204);
        String token = MEASURED.getFirst();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            String head =
                    "GET /output/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                            .formatted(object.output(), token);
            client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(1000)).hasSize(1000);
        }
        assertThat(service.get("/action/" + object.action(), token).statusCode()).isEqualTo(429);
    }

    @Test
    void eachRequestWithABodyTakesAPlaceUntilItsAnswerHasEnded() throws Exception {
        TestObject object = TestObject.ofSize(10);
        byte[] end = BuildMessages.end("k", uses(object));
        assertThat(post("/prefetch/used", SecuredService.WRITE, end).statusCode()).isEqualTo(200);
        Map<String, byte[]> bodies =
                Map.of(
                        "PUT /output/" + object.output(),
                        object.bytes(),
                        "POST /prefetch",
                        BuildMessages.start("k"),
                        "POST /prefetch/used",
                        end,
                        "POST /builds",
                        TestValues.bytes("{}"));
        for (Map.Entry<String, byte[]> each : bodies.entrySet()) {
            assertOneAtATime(each.getKey(), each.getValue());
            await().untilAsserted(
                            () ->
                                    assertThat(service.post("/builds", SINGLE, "{}").statusCode())
                                            .as("after " + each.getKey())
                                            .isEqualTo(204));
        }
    }

    /** Of two that wait for their bodies one is refused at once. */
    private void assertOneAtATime(String request, byte[] body) throws Exception {
        try (RawHttp one = new RawHttp(service.port());
                RawHttp other = new RawHttp(service.port());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RawHttp.Response>> answers = new ArrayList<>();
            for (RawHttp client : List.of(one, other)) {
                client.sendHead(
                        request,
                        "Authorization: Bearer " + SINGLE,
                        "Content-Type: application/json",
                        "Content-Length: " + body.length);
                answers.add(clients.submit(client::receive));
            }
            await().until(() -> answers.stream().anyMatch(Future::isDone));
            boolean isOneRefused = answers.getFirst().isDone();
            assertThat(answers.get(isOneRefused ? 0 : 1).get().status()).as(request).isEqualTo(429);
            assertThat(service.get("/action/abcd", SINGLE).statusCode()).isEqualTo(404);
            (isOneRefused ? other : one).send(body);
            assertThat(answers.get(isOneRefused ? 1 : 0).get().status()).as(request).isIn(200, 204);
        }
    }

    /** 175 MB went in against a quota of 1 MB, and took what main used off the disk. */
    @Test
    void objectsWithoutAnActionStayWithinTheQuota() throws Exception {
        List<TestObject> objects = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            TestObject object = TestObject.ofSize(900 << 10);
            assertThat(put("/output/" + object.output(), SecuredService.TEAM, object.bytes()))
                    .isEqualTo(204);
            objects.add(object);
        }
        List<Integer> answers = new ArrayList<>();
        for (TestObject object : objects) {
            answers.add(
                    service.get("/output/" + object.output(), SecuredService.ADMIN).statusCode());
        }
        assertThat(answers).containsExactly(404, 404, 404, 404, 404, 404, 404, 404, 404, 200);
    }

    /** One such request removed all profiles of main. */
    @Test
    void largeProfilesOfAPullRequestRemoveNoneOfMain() throws Exception {
        String pull = issuer.token(Map.of("repository", "acme/app", "ref", "refs/pull/7/merge"));
        for (int i = 0; i < 50; i++) {
            byte[] end = BuildMessages.end("main-" + i, uses(1));
            assertThat(post("/prefetch/used", SecuredService.WRITE, end).statusCode())
                    .isEqualTo(200);
        }
        for (int i = 0; i < 3; i++) {
            byte[] end = BuildMessages.end("pr-" + i, uses(30_000));
            assertThat(post("/prefetch/used", pull, end).statusCode()).isEqualTo(200);
        }

        for (int i = 0; i < 50; i++) {
            byte[] start = BuildMessages.start("main-" + i);
            assertThat(post("/prefetch", SecuredService.READ, start).statusCode()).isEqualTo(200);
        }
    }

    /** 300 reports of a reader made 1.8e11 seconds of work. */
    @Test
    void noReportMakesMoreWorkSavedThanThereWereHits() throws Exception {
        TestObject object = TestObject.ofSize(10);
        String action = "/action/" + object.action();
        assertThat(service.get(action, SecuredService.READ).statusCode()).isEqualTo(404);
        assertThat(put(object.putPath(), SecuredService.WRITE, object.bytes())).isEqualTo(204);
        for (int i = 0; i < 3; i++) {
            assertThat(service.get(action, SecuredService.READ).statusCode()).isEqualTo(200);
        }
        String report =
                "{\"executed\":1000000,\"executionMillis\":9007199254740991,\"serviceHits\":1000000}";
        report(SecuredService.READ, report);
        assertThat(savedSeconds()).isZero();
        for (int i = 0; i < 300; i++) {
            report(SecuredService.WRITE, report);
        }
        assertThat(savedSeconds()).isEqualTo(3 * 600);
    }

    private void report(String token, String report) throws Exception {
        assertThat(service.post("/builds", token, report).statusCode()).isEqualTo(204);
    }

    private double savedSeconds() throws Exception {
        String status = service.get("/status.json", SecuredService.OBSERVE).body();
        return JsonMapper.shared().readTree(status).at("/savedSeconds").asDouble();
    }

    private static byte[] uses(TestObject object) {
        return UsedActions.encode(List.of(new Use(object.action(), UsedActions.HIT)));
    }

    private static byte[] uses(int count) {
        return UsedActions.encode(
                IntStream.range(0, count)
                        .mapToObj(i -> new Use(TestValues.action("a" + i), UsedActions.HIT))
                        .toList());
    }

    private void assertSpent(String token, int status, int expected) throws Exception {
        assertThat(status).isEqualTo(expected);
        HttpResponse<String> next = service.get("/action/" + TestObject.ofSize(1).action(), token);
        assertThat(next.statusCode()).as(token).isEqualTo(429);
        assertThat(next.body()).contains("bytes each second");
    }

    private int put(String path, String token, byte[] body) throws Exception {
        return service.put(path, token, body).statusCode();
    }

    private HttpResponse<String> post(String path, String token, byte[] body) throws Exception {
        return service.send("POST", path, token, body, "Content-Type", "application/json");
    }
}
