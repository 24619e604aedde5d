package io.gocacheserver.adapter.remote.service;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.remote.access.CircuitBreaker;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.testing.FakeService;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

class PrefetchTest {

    private static final int ACTIONS = 300;
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20));

    @TempDir private Path directory;

    private final InFlightObjects arrivals = new InFlightObjects();
    private final List<ActionId> actions = new ArrayList<>();
    private long maxBytes = 1 << 30;
    private boolean shareTests = true;
    private final List<ServiceCache> sessions = new ArrayList<>();
    @AutoClose private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Executor storing = threads;
    @AutoClose private final FakeService service;
    private final ServiceAccess access;

    PrefetchTest() throws IOException {
        service = new FakeService();
        access = access(service);
    }

    @BeforeEach
    void fillTheService() {
        for (int i = 0; i < ACTIONS; i++) {
            actions.add(action("a" + i));
            service.add(actions.get(i), bytes("object " + i + " ".repeat(i)));
        }
        service.profile(actions);
    }

    @AfterEach
    void stop() {
        sessions.forEach(ServiceCache::end);
        threads.shutdownNow();
    }

    @Test
    void aFreshMachineHasAllThatTheServiceExpectsItToUseAfterOneRequest() {
        ServiceCache cache = session();
        cache.begin();
        awaitObjects(cache, ACTIONS);

        for (ActionId action : actions) {
            assertThat(disk().get(action)).isNotNull();
            assertThat(cache.isFetchedAhead(action)).isTrue();
        }
        assertThat(service.requests())
                .containsOnlyOnce("POST /prefetch")
                .isSubsetOf("POST /prefetch", "GET /filter");
        assertThat(cache.prefetched().bytes()).isGreaterThan(ACTIONS);
        assertThat(cache.roundTrips()).isBetween(1, 2);
        assertThat(cache.prefetched().profileKey()).isEqualTo("its profile");
    }

    @Test
    void resultsOfTestsAreMissesWhereTheyAreNotShared() {
        ActionId log = actions.get(1);
        ActionId output = actions.get(2);
        service.add(log, bytes("# test log\nopen x\n"));
        service.add(output, bytes("ok  \ta.example/b\t0.010s\n"));
        shareTests = false;
        ServiceCache cache = session();
        cache.begin();
        awaitObjects(cache, ACTIONS - 2);

        assertThat(cache.fetch(log)).isInstanceOf(FetchResult.KnownMiss.class);
        assertThat(cache.fetch(output)).isInstanceOf(FetchResult.KnownMiss.class);
        assertThat(disk().get(log)).isNull();
        assertThat(cache.fetch(actions.get(3))).isInstanceOf(FetchResult.Arrived.class);
    }

    @Test
    void theServiceIsToldWhatIsBuilt() {
        ServiceCache cache = session();
        cache.begin();
        awaitObjects(cache, ACTIONS);

        JsonNode build = service.starts().getFirst().get("build");
        assertThat(build.get("command").values())
                .extracting(JsonNode::stringValue)
                .containsExactly("go", "run", "gen.go");
        assertThat(build.get("variables").get("GOOS").stringValue()).isEqualTo("linux");
        assertThat(service.starts().getFirst().has("have")).isFalse();
    }

    @Test
    void smallObjectsAreStoredWhileOthersCome() throws Exception {
        List<Runnable> waiting = new ArrayList<>();
        storing =
                task -> {
                    waiting.add(task);
                    if (waiting.size() == ACTIONS) {
                        waiting.forEach(threads::execute);
                    }
                };

        assertThat(session().restore().objects()).isEqualTo(ACTIONS);
    }

    @Test
    void aBuildThatFindsAllOnDiskAsksNothing() throws IOException {
        Files.createFile(directory.resolve("trim.txt"));
        session().begin();

        assertThat(service.requests()).isEmpty();
    }

    @Test
    void theFirstMissOnAUsedDirectoryBeginsIt() throws IOException {
        Files.createFile(directory.resolve("trim.txt"));
        ServiceCache cache = session();
        cache.begin();
        cache.fetch(actions.get(7));

        awaitObjects(cache, ACTIONS - 1);
    }

    @Test
    void anExecutableWhoseNameOnlyItsGoCommandKnowsWaitsForThat() {
        ActionId link = actions.get(5);
        service.add(link, bytes("#!/bin/sh"));
        ServiceCache cache = session();
        cache.begin();
        awaitObjects(cache, ACTIONS - 1);
        assertThat(disk().get(link)).isNull();

        FetchResult result = cache.fetch(link);

        assertThat(result).isInstanceOf(FetchResult.Hit.class);
        String file = ((FetchResult.Hit) result).object().path();
        assertThat(Path.of(file)).hasFileName("gen").isExecutable();
    }

    @Test
    void whatIsOnDiskDoesNotCome() throws Exception {
        service.profile(actions.subList(0, 200));
        ServiceCache first = session();
        first.restore();
        long before = first.prefetched().transferred();
        service.profile(actions);

        ServiceCache second = session();
        second.restore();

        // A filter errs for less than one in a hundred.
        assertThat(second.prefetched().objects()).isBetween(95, 100);
        assertThat(before).isPositive();
        assertThat(service.starts().getLast().has("have")).isTrue();
    }

    @Test
    void aGetForWhatIsOnItsWayWaitsForThat() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        service.interrupt(
                frame -> {
                    asked.countDown();
                    goOn.await();
                    return true;
                });
        ServiceCache cache = session();
        cache.begin();
        asked.await();
        await().until(() -> arrivals.find(actions.get(0)) != null);
        FutureTask<FetchResult> get = new FutureTask<>(() -> cache.fetch(actions.get(0)));
        Thread getting = Thread.ofPlatform().daemon().start(get);
        await().until(() -> getting.getState() == Thread.State.TIMED_WAITING);
        goOn.countDown();

        assertThat(get.get()).isInstanceOf(FetchResult.Arrived.class);
        assertThat(service.requests("GET /action/")).isZero();
    }

    @Test
    void aGetDoesNotWaitForAStreamThatStandsStill() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        service.interrupt(
                frame -> {
                    if (frame == 2) {
                        never.await();
                    }
                    return true;
                });
        ServiceCache cache = session();
        cache.begin();
        await().until(() -> cache.prefetched().objects() >= 2);

        for (int i = 2; i < 5; i++) {
            assertThat(cache.fetch(actions.get(i))).isInstanceOf(FetchResult.Hit.class);
        }
        never.countDown();
    }

    @Test
    void aStreamThatBreaksCostsNoHit() throws Exception {
        service.interrupt(frame -> frame < 5);
        ServiceCache cache = session();
        cache.restore();
        for (ActionId action : actions) {
            if (disk().get(action) == null) {
                assertThat(cache.fetch(action))
                        .isInstanceOfAny(FetchResult.Hit.class, FetchResult.Arrived.class);
            }
        }
        assertThat(cache.prefetched().objects()).isEqualTo(5);
    }

    @Test
    void whatTheServiceSaidItLacksIsAMissWithoutAnotherQuestion() {
        ActionId gone = action("gone");
        List<ActionId> more = new ArrayList<>(actions);
        more.add(3, gone);
        service.profile(more);
        ServiceCache cache = session();
        cache.begin();
        awaitObjects(cache, ACTIONS);

        assertThat(cache.fetch(gone)).isInstanceOf(FetchResult.KnownMiss.class);
        assertThat(service.requests("GET /action/")).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theByteBudgetHoldsWhateverTheServiceSends(boolean boundless) throws Exception {
        if (boundless) {
            service.boundless();
        }
        maxBytes = 1000;

        assertThat(session().restore().bytes()).isBetween(100L, maxBytes);
    }

    @Test
    void aListOfMegabytesIsNone() throws Exception {
        List<ActionId> many = new ArrayList<>();
        for (int i = 0; i < 66_000; i++) {
            many.add(action("more " + i));
        }
        service.profile(many);

        assertThat(session().restore().objects()).isZero();
    }

    @Test
    void twoSessionsFetchEachObjectOnce() {
        ServiceCache first = session();
        ServiceCache second = session();
        first.begin();
        second.begin();
        await().until(
                        () ->
                                first.prefetched().objects() + second.prefetched().objects()
                                        >= ACTIONS);

        assertThat(first.prefetched().objects() + second.prefetched().objects()).isEqualTo(ACTIONS);
    }

    @Test
    void aServiceThatKnowsNoStartsOfBuildsIsToldOnce() {
        service.old();
        ServiceCache first = session();
        first.begin();
        assertThat(first.fetch(actions.get(0))).isInstanceOf(FetchResult.Hit.class);
        await().until(() -> service.requests("POST /prefetch") == 1);
        first.end();
        await().until(() -> access.is(Trait.NO_PROFILES));

        ServiceCache second = session();
        second.begin();
        assertThat(second.fetch(actions.get(1))).isInstanceOf(FetchResult.Hit.class);
        assertThat(service.requests("POST /prefetch")).isEqualTo(1);
    }

    @Test
    void aBuildIsNotedAndAnsweredWithWhatTheServiceLacks() {
        ActionId unknown = action("made natively");
        ServiceCache cache = session();

        List<ActionId> missing =
                cache.note(
                        List.of(
                                new UsedActions.Use(actions.get(0), UsedActions.LOCAL),
                                new UsedActions.Use(unknown, UsedActions.LOCAL)),
                        true);

        assertThat(missing).containsExactly(unknown);
        assertThat(service.noted()).hasSize(2);
    }

    @Test
    void aWarmBuildIsNotedOnceADay() {
        List<UsedActions.Use> uses =
                List.of(new UsedActions.Use(actions.get(0), UsedActions.LOCAL));
        session().note(uses, true);
        session().note(uses, true);
        assertThat(service.requests("POST /prefetch/used")).isEqualTo(1);

        session().note(uses, false);
        assertThat(service.requests("POST /prefetch/used")).isEqualTo(2);
    }

    private void awaitObjects(ServiceCache cache, int count) {
        await().until(() -> cache.prefetched().objects() >= count);
    }

    private ServiceCache session() {
        GoInvocation run =
                new GoInvocation(
                        "/no/module",
                        List.of("go", "run", "gen.go", "-x"),
                        Map.of("GOOS", "linux"));
        ServiceCache session =
                new ServiceCache(
                        access,
                        disk(),
                        arrivals,
                        new ServiceCache.Settings(
                                Mode.READ_WRITE,
                                shareTests,
                                Duration.ofSeconds(60),
                                4,
                                new ServiceCache.Ahead(
                                        new GoBuild(run, Map.of(), null),
                                        true,
                                        maxBytes,
                                        Duration.ofSeconds(20))),
                        new ServiceCache.Background(threads, threads, storing),
                        System::nanoTime);
        sessions.add(session);
        return session;
    }

    private static ServiceAccess access(FakeService service) {
        return new ServiceAccess(
                new HttpClient(ServiceUrl.parse(service.url()), TIMEOUTS, 16, System::nanoTime),
                new CircuitBreaker(3, Duration.ofMillis(1), System::nanoTime),
                new CircuitBreaker(3, Duration.ofMillis(1), System::nanoTime),
                new ZstdDecoders(null),
                false,
                "test");
    }

    private NativeCache disk() {
        return new NativeCache(directory.toString(), "1", InstantSource.system());
    }
}
