package io.gocacheserver.adapter.remote.service;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.auth.Credentials;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.target.Route;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.adapter.remote.access.CircuitBreaker;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.text.Rfc3339;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

class ServiceCacheTest {

    private static final int CONNECTIONS = 4;
    private static final ActionId ACTION = action("compile");
    private static final byte[] OBJECT = bytes("an object");
    private static final OutputId OUTPUT = output(OBJECT);
    private static final String HEADERS = "Go-Output-Id: " + OUTPUT + "\r\n";
    private static final String HIT =
            "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 9\r\n\r\nan object";
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    private static final Timeouts IMPATIENT =
            new Timeouts(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(400));

    /** Bears any silence, but no long request. */
    private static final Timeouts SHORT_OF_TIME =
            new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(400));

    @TempDir private Path directory;

    private Mode mode = Mode.READ_WRITE;
    private boolean shareTests = true;
    private Duration timeBudget = Duration.ofSeconds(10);

    @Test
    void fetchesAnObjectToLocalDisk() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(HIT))) {
            FetchResult result = cache(server.url(), TIMEOUTS).fetch(ACTION);

            assertThat(result).isInstanceOf(FetchResult.Hit.class);
            assertThat(disk().get(ACTION)).isEqualTo(((FetchResult.Hit) result).object());
            assertThat(server.heads().getFirst())
                    .startsWith("GET /action/" + ACTION + " HTTP/1.1\r\n")
                    .contains("\r\nWant-Object: 1\r\n")
                    .contains("\r\nWant-Executable: 1\r\n")
                    .contains("\r\nAuthorization: Bearer secret\r\n")
                    .contains("\r\nHost: 127.0.0.1:" + server.port() + "\r\n");
        }
    }

    @Test
    void keepsThePathOfTheBaseUrl() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(HIT))) {
            cache(server.url() + "/go/cache/", TIMEOUTS).fetch(ACTION);

            assertThat(server.heads().getFirst()).startsWith("GET /go/cache/action/" + ACTION);
        }
    }

    @Test
    void keepsTheTimeOfTheEntry() throws IOException {
        String time = "2026-01-02T03:04:05.000000006Z";
        FetchResult result =
                fetch(
                        "HTTP/1.1 200 OK\r\n"
                                + HEADERS
                                + "go-entry-time: "
                                + time
                                + "\r\ncontent-length: 9\r\n\r\nan object");

        assertThat(result).isInstanceOf(FetchResult.Hit.class);
        assertThat(((FetchResult.Hit) result).object().unixNanos()).isEqualTo(Rfc3339.parse(time));
    }

    @Test
    void fetchesEmptyObjects() throws IOException {
        FetchResult result =
                fetch(
                        "HTTP/1.1 200 OK\r\nGo-Output-Id: "
                                + output(new byte[0])
                                + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(result).isInstanceOf(FetchResult.Hit.class);
    }

    @Test
    void takesNotFoundForAMiss() throws IOException {
        assertThat(fetch("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nmiss"))
                .isInstanceOf(FetchResult.Miss.class);
    }

    @Test
    void failsOnBytesThatDoNotHashToTheOutputId() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 9\r\n\r\nan 0bject",
                "other content");
    }

    @Test
    void failsOnAConnectionThatClosesInTheMiddle() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 9\r\n\r\nan o",
                "after 4 of 9 bytes");
    }

    @Test
    void failsOnARedirect() throws IOException {
        failsWith(
                "HTTP/1.1 302 Found\r\nLocation: /login?x=\u001b\r\nContent-Length: 0\r\n\r\n",
                "it answered 302 and redirects to /login: if the service is there, name that URL");
    }

    @Test
    void failsOnAWebPage() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nHi",
                "web page");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\nGo-Output-Id: ABC\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@\r\nan object",
                "HTTP/1.1 200 OK\r\n@Transfer-Encoding: chunked\r\n\r\n9\r\nan object\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n@Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@Go-Entry-Time: now\r\nContent-Length: 9\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@Content-Length: 9\r\nContent-Length: 8\r\n\r\nan object",
                "HTTP/1.1 200 OK\r\n@Content-Length: -9\r\n\r\nan object",
                "HTTP/1.1 206 Partial\r\n@Content-Length: 9\r\n\r\nan object",
                "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "SSH-2.0-OpenSSH_9.9\r\n",
                "HTTP/1.1 200 OK\nbare line feeds\n\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                ""
            })
    void failsOnAnyOtherAnswer(String answer) throws IOException {
        failsWith(answer.replace("@", HEADERS), "");
    }

    @Test
    void failsOnAHeadWithoutEnd() throws IOException {
        failsWith("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000), "64 KiB");
    }

    @Test
    void failsWhenNobodyListens() throws IOException {
        assertThat(cache("http://127.0.0.1:" + Ports.free(), TIMEOUTS).fetch(ACTION))
                .isInstanceOf(FetchResult.ServiceFailed.class);
    }

    @Test
    void failsWhenTheServiceAcceptsAndNeverAnswers() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Exchange::hang)) {
            assertThat(cache(server.url(), IMPATIENT).fetch(ACTION))
                    .isEqualTo(new FetchResult.ServiceFailed("no byte for 200 ms"));
        }
    }

    @Test
    void failsWhenTheAnswerTricklesForLongerThanAWholeRequestMayTake() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            exchange.send("HTTP/1.1 200 OK\r\n" + HEADERS);
                            exchange.send("Content-Length: 1000000\r\n\r\n");
                            while (true) {
                                exchange.send("x");
                                exchange.pause(50);
                            }
                        })) {
            assertThat(cache(server.url(), SHORT_OF_TIME).fetch(ACTION))
                    .isEqualTo(new FetchResult.ServiceFailed("the request took too long"));
            assertThat(filesOnDisk()).isZero();
        }
    }

    @Test
    void asksNoMoreAfterThreeFailures() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange ->
                                exchange.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"))) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            for (int i = 0; i < 3; i++) {
                cache.fetch(ACTION);
            }
            assertThat(cache.isAbandoned()).isFalse();

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.NotAsked.class);
            assertThat(cache.isAbandoned()).isTrue();
            assertThat(server.heads()).hasSize(3);
        }
    }

    @Test
    void stillFetchesWithATokenThatMayOnlyRead() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange ->
                                exchange.send(
                                        exchange.head().startsWith("PUT")
                                                ? "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"
                                                : HIT))) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            Upload upload = upload();
            assertThat(cache.upload(upload)).isInstanceOf(UploadResult.NotAllowed.class);
            assertThat(cache.upload(upload)).isInstanceOf(UploadResult.NotAllowed.class);
            assertThat(server.heads()).as("requests").hasSize(1);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Hit.class);
        }
    }

    @Test
    void failsIfNothingButUploadsIsWantedOfATokenThatMayOnlyRead() throws IOException {
        mode = Mode.WRITE_ONLY;
        try (ScriptedServer server = answering(403, "")) {
            assertThat(cache(server.url(), TIMEOUTS).upload(upload()))
                    .isEqualTo(
                            new UploadResult.Failed(
                                    "it answered 403: check what the token allows"));
        }
    }

    @Test
    void saysWhatTheLocalDiskDoesNotTake() throws IOException {
        Files.writeString(directory.resolve(OUTPUT.hex().substring(0, 2)), "no directory");

        assertThat(fetch(HIT))
                .isInstanceOfSatisfying(
                        FetchResult.DiskFailed.class,
                        failure -> assertThat(failure.reason()).contains(OUTPUT.hex()));
    }

    @Test
    void uploadsAnObject() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(exchange -> exchange.send("HTTP/1.1 204 Done\r\n\r\n"))) {
            assertThat(cache(server.url(), TIMEOUTS).upload(upload()))
                    .isInstanceOf(UploadResult.Stored.class);
            assertThat(server.heads().getFirst())
                    .startsWith("PUT /" + ACTION + "/" + OUTPUT + " HTTP/1.1\r\n")
                    .contains("\r\nContent-Length: 9\r\n");
            assertThat(server.requests().getFirst().body()).isEqualTo(OBJECT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 407})
    void asksNoMoreOnceItIsRefused(int status) throws IOException {
        try (ScriptedServer server = answering(status, "")) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.ServiceFailed.class);
            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.NotAsked.class);
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void saysToWhichSessionARequestBelongs() throws IOException {
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(HIT))) {
            ServiceAccess service = service(server.url(), TIMEOUTS);
            GoBuild build = new GoBuild(null, Map.of(), null);
            session(service.of(build.traceparent())).fetch(ACTION);
            session(service).fetch(ACTION);

            assertThat(build.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
            assertThat(server.heads().getFirst())
                    .contains("\r\ntraceparent: " + build.traceparent() + "\r\n");
            assertThat(server.heads().getLast()).doesNotContain("traceparent");
        }
    }

    @Test
    void asksAgainInTheNextSession() throws IOException {
        try (ScriptedServer server = answering(401, "")) {
            ServiceAccess service = service(server.url(), TIMEOUTS);
            session(service).fetch(ACTION);

            assertThat(session(service).fetch(ACTION))
                    .isInstanceOf(FetchResult.ServiceFailed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void leavesAServiceAloneThatAsksForIt(int status) throws IOException {
        try (ScriptedServer server = answering(status, "Retry-After: 60\r\n")) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.ServiceFailed.class);
            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.NotAsked.class);
            assertThat(cache.upload(upload())).isInstanceOf(UploadResult.Failed.class);
            assertThat(cache.upload(upload())).isInstanceOf(UploadResult.NotAsked.class);
            assertThat(server.heads()).hasSize(2);
        }
    }

    @Test
    void goesOnAskingAServiceThatSaysOnlyThatItsS3DoesNotAnswer() throws IOException {
        try (ScriptedServer server = answering(502, "Retry-After: 5\r\n")) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);

            for (int i = 0; i < 10; i++) {
                assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.ServiceFailed.class);
            }
            assertThat(server.heads()).hasSize(10);
        }
    }

    @Test
    void goesOnWithoutTheServiceWhenTheTimeBudgetIsUsedUp() throws IOException {
        timeBudget = Duration.ofMillis(200);
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Exchange::hang)) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            assertThat(cache.remark()).isNull();

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.ServiceFailed.class);
            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.NotAsked.class);
            assertThat(cache.remark()).contains("time budget of 200 ms");
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void doesNotGiveUpALargeObjectThatIsOnItsWay() throws IOException {
        try (ScriptedServer server = sendingSlowly(256 << 10)) {
            timeBudget = Duration.ofMillis(400);
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            assertThat(cache.fetch(action("small"))).isInstanceOf(FetchResult.Hit.class);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Hit.class);
            assertThat(cache.remark()).isNull();
        }
    }

    @Test
    void givesUpALargeObjectOfAServiceThatHasNeverSentAGoodOne() throws IOException {
        try (ScriptedServer server = sendingSlowly(256 << 10)) {
            timeBudget = Duration.ofMillis(400);

            assertThat(cache(server.url(), TIMEOUTS).fetch(ACTION))
                    .isInstanceOf(FetchResult.ServiceFailed.class);
        }
    }

    @Test
    void givesUpALargeObjectThatDrips() throws IOException {
        try (ScriptedServer server = sendingSlowly(100)) {
            timeBudget = Duration.ofMillis(400);
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            assertThat(cache.fetch(action("small"))).isInstanceOf(FetchResult.Hit.class);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.ServiceFailed.class);
            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.NotAsked.class);
            assertThat(filesOnDisk()).as("the small object and its action").isEqualTo(2);
        }
    }

    @Test
    void failsOnAnObjectThatIsTooLargeBeforeItComes() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 1099511627776\r\n\r\nzzz",
                "it announced an object of 1.0 TB; 4.2 GB is the most that is taken");
    }

    @Test
    void showsNothingOfAHeaderThatATerminalWouldActOn() throws IOException {
        failsWith(
                "HTTP/1.1 200 OK\r\n"
                        + HEADERS
                        + "Content-Encoding: \u001b[2Jx\r\nContent-Length: 9\r\n\r\n",
                "coding _[2Jx, which");
        failsWith(
                "HTTP/1.1 200 OK\r\n"
                        + HEADERS
                        + "Go-Entry-Time: \u001b[2J\r\nContent-Length: 9\r\n\r\n",
                "without a valid Go-Entry-Time");
    }

    /** Small objects at once, the one of {@link #ACTION} a MiB, in pieces every 200 ms. */
    private static ScriptedServer sendingSlowly(int piece) throws IOException {
        byte[] large = new byte[1 << 20];
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\nGo-Output-Id: ";
        return new ScriptedServer(
                exchange -> {
                    if (!exchange.head().contains(ACTION.hex())) {
                        exchange.send(HIT);
                        return;
                    }
                    exchange.send(head + output(large) + "\r\n\r\n");
                    for (int sent = 0; sent < large.length; sent += piece) {
                        exchange.pause(200);
                        exchange.send(Arrays.copyOf(large, Math.min(piece, large.length - sent)));
                    }
                });
    }

    @Test
    void getsBeyondTheConnectionsWaitForOne() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(20);
                ScriptedServer server =
                        new ScriptedServer(
                                exchange -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    exchange.pause(50);
                                    running.decrementAndGet();
                                    exchange.send(HIT);
                                })) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);
            List<Callable<FetchResult>> gets = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                ActionId action = action("action " + i);
                gets.add(() -> cache.fetch(action));
            }
            for (Future<FetchResult> get : threads.invokeAll(gets)) {
                assertThat(get.get()).isInstanceOf(FetchResult.Hit.class);
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(CONNECTIONS);
    }

    @Test
    void uploadsNothingInReadOnlyMode() throws IOException {
        mode = Mode.READ_ONLY;
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(HIT))) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);

            assertThat(cache.upload(upload())).isInstanceOf(UploadResult.NotWanted.class);
            assertThat(server.heads()).isEmpty();
            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Hit.class);
        }
    }

    @Test
    void neitherSendsNorTakesResultsOfTestsIfTheyAreNotShared() throws IOException {
        byte[] log = bytes("# test log\n");
        String hit =
                "HTTP/1.1 200 OK\r\nGo-Output-Id: %s\r\nContent-Length: 11\r\n\r\n# test log\n"
                        .formatted(output(log));
        Path file = Files.write(directory.resolve("log"), log);
        Upload result = new Upload(ACTION, output(log), log.length, file.toString());
        try (ScriptedServer server = new ScriptedServer(exchange -> exchange.send(hit))) {
            shareTests = false;
            ServiceCache unshared = cache(server.url(), TIMEOUTS);

            assertThat(unshared.upload(result)).isInstanceOf(UploadResult.NotWanted.class);
            assertThat(server.heads()).isEmpty();
            assertThat(unshared.fetch(ACTION)).isInstanceOf(FetchResult.Miss.class);
            assertThat(disk().get(ACTION)).isNull();
            assertThat(unshared.isAbandoned()).isFalse();

            shareTests = true;
            assertThat(cache(server.url(), TIMEOUTS).fetch(ACTION))
                    .isInstanceOf(FetchResult.Hit.class);
        }
        try (ScriptedServer server = answering(204, "")) {
            shareTests = false;
            ServiceCache unshared = cache(server.url(), TIMEOUTS);
            assertThat(unshared.upload(upload())).isInstanceOf(UploadResult.Stored.class);
        }
    }

    @Test
    void asksNothingInWriteOnlyMode() throws IOException {
        mode = Mode.WRITE_ONLY;
        try (ScriptedServer server = answering(204, "")) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Miss.class);
            assertThat(cache.isAbandoned()).isFalse();
            assertThat(server.heads()).isEmpty();
            assertThat(cache.upload(upload())).isInstanceOf(UploadResult.Stored.class);
        }
    }

    @Test
    void saysThatTheServiceMayBeNoneIfItOnlyEverAnswersWithWebPages() throws IOException {
        try (ScriptedServer server = answering(404, "Content-Type: text/html\r\n")) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Miss.class);
            assertThat(cache.remark()).contains("web page that says 404");
        }
        try (ScriptedServer server = answering(404, "Content-Type: text/plain\r\n")) {
            ServiceCache cache = cache(server.url(), TIMEOUTS);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Miss.class);
            assertThat(cache.remark()).isNull();
        }
    }

    private static ScriptedServer answering(int status, String headers) throws IOException {
        String length = status == 204 ? "" : "Content-Length: 0\r\n";
        return new ScriptedServer(
                exchange ->
                        exchange.send("HTTP/1.1 " + status + " X\r\n" + headers + length + "\r\n"));
    }

    private void failsWith(String answer, String reason) throws IOException {
        FetchResult result = fetch(answer);

        assertThat(result).isInstanceOf(FetchResult.ServiceFailed.class);
        assertThat(((FetchResult.ServiceFailed) result).reason()).contains(reason);
        assertThat(disk().get(ACTION)).isNull();
        assertThat(filesOnDisk()).isZero();
    }

    private FetchResult fetch(String answer) throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            exchange.send(answer);
                            exchange.hangUp();
                        })) {
            return cache(server.url(), TIMEOUTS).fetch(ACTION);
        }
    }

    private Upload upload() throws IOException {
        Path file = Files.write(directory.resolve("object"), OBJECT);
        return new Upload(ACTION, OUTPUT, OBJECT.length, file.toString());
    }

    private ServiceCache cache(String url, Timeouts timeouts) {
        return session(service(url, timeouts));
    }

    private static ServiceAccess service(String url, Timeouts timeouts) {
        return new ServiceAccess(
                new HttpClient(
                        ServiceUrl.parse(url),
                        Route.DIRECT,
                        timeouts,
                        4,
                        Credentials.of(new Credential.Token("secret"), timeouts, TlsFiles.NONE),
                        System::nanoTime),
                new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                new ZstdDecoders(null),
                true,
                "test");
    }

    private ServiceCache session(ServiceAccess service) {
        return new ServiceCache(
                service,
                disk(),
                new InFlightObjects(),
                new ServiceCache.Settings(
                        mode, shareTests, timeBudget, CONNECTIONS, ServiceCache.Ahead.NONE),
                new ServiceCache.Background(task -> {}, task -> {}, Runnable::run),
                System::nanoTime);
    }

    private NativeCache disk() {
        return new NativeCache(directory.toString(), "1", InstantSource.system());
    }

    private long filesOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).count();
        }
    }
}
