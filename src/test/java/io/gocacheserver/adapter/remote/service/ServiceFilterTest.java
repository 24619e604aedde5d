package io.gocacheserver.adapter.remote.service;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.remote.access.CircuitBreaker;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.wire.FilterAnswer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class ServiceFilterTest {

    private static final ActionId PRESENT = action("present");
    private static final ActionId ABSENT = action("absent");
    private static final byte[] OBJECT = bytes("an object");
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    @TempDir private Path directory;
    @AutoClose private ScriptedServer server;
    private volatile ScriptedServer.Script filter =
            exchange -> exchange.answer(200, filterOf(PRESENT), "ETag: \"1\"");
    private volatile boolean hasAbsent;
    private ServiceAccess service;
    private ServiceCache session;

    @BeforeEach
    void start() throws IOException {
        server =
                new ScriptedServer(
                        exchange -> {
                            if (exchange.request().target().equals("/filter")) {
                                filter.answer(exchange);
                            } else {
                                answerAction(exchange);
                            }
                        });
        service =
                new ServiceAccess(
                        new HttpClient(
                                ServiceUrl.parse(server.url()), TIMEOUTS, 4, System::nanoTime),
                        breaker(),
                        breaker(),
                        new ZstdDecoders(null),
                        false,
                        "test");
        session = session();
    }

    private void answerAction(Exchange exchange) throws IOException {
        String target = exchange.request().target();
        if (target.endsWith(PRESENT.hex()) || hasAbsent) {
            boolean head = exchange.request().method().equals("HEAD");
            exchange.begin(200, OBJECT.length, "Go-Output-Id: " + output(OBJECT));
            exchange.send(head ? new byte[0] : OBJECT);
        } else {
            exchange.answer(404, new byte[0]);
        }
    }

    @Test
    void whatIsNotInTheFilterIsAMissWithoutAGet() {
        session.begin();
        awaitFilter();

        assertThat(session.fetch(ABSENT)).isInstanceOf(FetchResult.KnownMiss.class);
        assertThat(gets()).isEmpty();
    }

    @Test
    void whatIsInTheFilterIsFetched() {
        session.begin();
        awaitFilter();

        assertThat(session.fetch(PRESENT)).isInstanceOf(FetchResult.Hit.class);
    }

    @Test
    void whatIsNotInTheFilterIsAskedForAfterwards() {
        hasAbsent = true;
        session.begin();
        awaitFilter();
        session.fetch(ABSENT);

        await().until(() -> service.isKnown(output(OBJECT)));
        assertThat(requests("HEAD")).containsExactly("/action/" + ABSENT);
    }

    @Test
    void aServiceThatTakesZstdSaysSo() {
        filter = exchange -> exchange.answer(200, filterOf(PRESENT), "Accept-Encoding: zstd");
        session.begin();

        await().until(() -> service.is(Trait.TAKES_ZSTD));
    }

    @Test
    void beforeTheFilterIsThereEveryGetWaits() throws Exception {
        filter = Exchange::hang;
        session.begin();

        assertThat(session.fetch(ABSENT)).isInstanceOf(FetchResult.Miss.class);
        assertThat(session.fetch(PRESENT)).isInstanceOf(FetchResult.Hit.class);
    }

    @Test
    void anIncompleteFilterSaysNothing() {
        filter = exchange -> exchange.answer(200, FilterAnswer.INCOMPLETE.encode());
        everyGetWaits();
    }

    static Stream<byte[]> nonsense() {
        byte[] cut = filterOf(PRESENT);
        return Stream.of(
                new byte[0],
                bytes("<html>welcome</html>"),
                Arrays.copyOf(cut, cut.length - 1),
                new byte[FilterAnswer.MAX_BYTES]);
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseSaysNothing(byte[] nonsense) {
        filter = exchange -> exchange.answer(200, nonsense, "ETag: \"1\"");
        everyGetWaits();
    }

    @Test
    void anEnormousFilterIsNotRead() {
        filter = exchange -> exchange.begin(200, 1L << 40);
        everyGetWaits();
    }

    @Test
    void aFilterThatNeverEndsSaysNothing() {
        filter =
                exchange -> {
                    exchange.begin(200, FilterAnswer.MAX_BYTES);
                    while (true) {
                        exchange.send(new byte[] {1});
                        exchange.pause(50);
                    }
                };
        session.begin();

        assertThat(session.fetch(ABSENT)).isInstanceOf(FetchResult.Miss.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 405})
    void anOlderServiceIsAskedForItOnce(int status) {
        filter = exchange -> exchange.answer(status, new byte[0]);
        everyGetWaits();
        await().until(() -> service.is(Trait.NO_FILTER));
        session = session();
        session.begin();

        assertThat(session.fetch(ABSENT)).isInstanceOf(FetchResult.Miss.class);
        assertThat(requests("GET")).filteredOn("/filter"::equals).hasSize(1);
    }

    @Test
    void theNextSessionAsksWhetherItIsStillTrue() {
        session.begin();
        awaitFilter();
        filter =
                exchange ->
                        exchange.answer(
                                "\"1\"".equals(exchange.request().headers().get("if-none-match"))
                                        ? 304
                                        : 500,
                                new byte[0]);

        session = session();
        session.begin();

        await().until(() -> session.fetch(ABSENT) instanceof FetchResult.KnownMiss);
        assertThat(session.fetch(PRESENT)).isInstanceOf(FetchResult.Hit.class);
    }

    @Test
    void untilTheServiceHasSaidSoTheFilterOfAnEarlierSessionSaysNothing() {
        session.begin();
        awaitFilter();
        filter = Exchange::hang;
        hasAbsent = true;

        session = session();
        session.begin();

        assertThat(session.fetch(ABSENT)).isInstanceOf(FetchResult.Hit.class);
    }

    @Test
    void isAskedForWithTheFirstGetThatTheLocalDiskDoesNotAnswer() {
        session.fetch(ABSENT);

        await().until(() -> session.fetch(ABSENT) instanceof FetchResult.KnownMiss);
        assertThat(requests("GET")).filteredOn("/filter"::equals).hasSize(1);
    }

    private void everyGetWaits() {
        session.begin();
        await().until(() -> requests("GET").contains("/filter"));
        for (int i = 0; i < 20; i++) {
            assertThat(session.fetch(ABSENT)).isInstanceOf(FetchResult.Miss.class);
        }
        assertThat(session.fetch(PRESENT)).isInstanceOf(FetchResult.Hit.class);
        assertThat(requests("HEAD")).isEmpty();
    }

    private void awaitFilter() {
        await().until(() -> service.filter.get().answer().complete());
    }

    private List<String> gets() {
        return requests("GET").stream().filter(target -> !target.equals("/filter")).toList();
    }

    private List<String> requests(String method) {
        return server.requests().stream()
                .filter(request -> request.method().equals(method))
                .map(ScriptedServer.Request::target)
                .toList();
    }

    private static byte[] filterOf(ActionId action) {
        ActionFilter filter = ActionFilter.forActions(100);
        filter.add(action);
        return new FilterAnswer(true, List.of(filter)).encode();
    }

    private static CircuitBreaker breaker() {
        return new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime);
    }

    private ServiceCache session() {
        return new ServiceCache(
                service,
                new NativeCache(directory.toString(), "1", InstantSource.system()),
                new InFlightObjects(),
                new ServiceCache.Settings(
                        Mode.READ_WRITE, true, Duration.ofMinutes(1), 4, ServiceCache.Ahead.NONE),
                new ServiceCache.Background(
                        task -> Thread.ofVirtual().start(task), task -> {}, Runnable::run),
                System::nanoTime);
    }
}
