package io.gocacheserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.security.tokens.Client;
import io.gocacheserver.security.tokens.LimitSettings;
import io.gocacheserver.security.tokens.Permission;
import io.gocacheserver.security.tokens.RefusedException;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

class RateLimitsTest {

    private static final String FIRST = "first-0123456789abcdef";
    private static final String SECOND = "second-0123456789abcdef";

    private final AtomicLong nanos = new AtomicLong();
    private final RateLimits limits = new RateLimits(nanos::get);

    @Test
    void aBurstOfTenSecondsIsAllowedAndThenTheRate() {
        RateLimits.Budget budget = limits.of(client("a", new LimitSettings(5, null, null, null)));
        for (int i = 0; i < 50; i++) {
            budget.request();
        }
        assertRefused(budget, 1);
        pass(Duration.ofMillis(200));
        budget.request();
        assertRefused(budget, 1);
        pass(Duration.ofHours(1));
        for (int i = 0; i < 50; i++) {
            budget.request();
        }
        assertRefused(budget, 1);
    }

    @Test
    void bytesAreADebtThatLaterRequestsWaitFor() {
        RateLimits.Budget budget =
                limits.of(client("a", new LimitSettings(null, new ByteSize(100), null, null)));
        budget.request();
        budget.bytes(3000);
        assertRefused(budget, 21);
        pass(Duration.ofSeconds(21));
        budget.request();
    }

    @Test
    void eachClientHasItsOwn() {
        LimitSettings one = new LimitSettings(1, null, null, null);
        for (int i = 0; i < 10; i++) {
            limits.of(client("a", one)).request();
        }
        assertRefused(limits.of(client("a", one)), 1);
        limits.of(client("b", one)).request();
    }

    @Test
    void aServiceHoldsItsClientsToThem(@TempDir Path directory) throws Exception {
        try (RunningService service =
                RunningService.start(
                        directory,
                        "cache-server.auth.tokens[0].name=first",
                        "cache-server.auth.tokens[0].secret=" + FIRST,
                        "cache-server.auth.tokens[0].access=read-write",
                        "cache-server.auth.tokens[0].limits.requests-per-second=1",
                        "cache-server.auth.tokens[1].name=second",
                        "cache-server.auth.tokens[1].secret=" + SECOND,
                        "cache-server.auth.tokens[1].access=read-write",
                        "cache-server.auth.limits.concurrent-uploads=1",
                        "cache-server.auth.limits.max-object-size=1000B")) {
            TestObject object = TestObject.ofSize(1000);
            assertThat(put(service, SECOND, object).statusCode()).isEqualTo(204);
            assertThat(put(service, SECOND, TestObject.ofSize(1001)).statusCode()).isEqualTo(413);

            HttpResponse<String> last =
                    Concurrently.run(20, i -> () -> put(service, FIRST, object)).stream()
                            .filter(response -> response.body().contains("each second"))
                            .findFirst()
                            .orElseThrow();
            assertThat(last.statusCode()).isEqualTo(429);
            assertThat(last.headers().firstValue("Retry-After")).contains("1");
            assertThat(last.body()).contains("more than 1 requests each second");
            assertThat(put(service, SECOND, object).statusCode()).isEqualTo(204);

            List<Socket> slow = new ArrayList<>();
            HttpResponse<String> second;
            do { // until a slow one has begun, which is refused itself if it comes during another
                slow.add(slowPut(service, SECOND));
                second = put(service, SECOND, object);
            } while (second.statusCode() == 204);
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.body()).contains("Puts and Posts at the same time");
            for (Socket each : slow) {
                each.close();
            }
        }
    }

    /** A Put whose body does not end. */
    private static Socket slowPut(RunningService service, String token) throws IOException {
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), service.port());
        String head =
                "PUT %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n\r\nx"
                        .formatted(TestObject.ofSize(9).putPath(), token);
        slow.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return slow;
    }

    private void assertRefused(RateLimits.Budget budget, int seconds) {
        assertThatThrownBy(budget::request)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.retrySeconds()).isEqualTo(seconds));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Client client(String key, LimitSettings limits) {
        return new Client(key, key, Set.of(Permission.READ), Access.OPEN, limits, null);
    }

    private static HttpResponse<String> put(RunningService service, String token, TestObject object)
            throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:"
                                                    + service.port()
                                                    + object.putPath()))
                            .header("Authorization", "Bearer " + token)
                            .PUT(BodyPublishers.ofByteArray(object.bytes()))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
