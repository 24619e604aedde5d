package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

/** What clients must not do: each time a clear error, nothing half-written is served, nothing is left behind. */
class BadRequestTest extends WebTest {

    private static final int MANY = 150;

    private final TestObject object = TestObject.ofSize(LARGE);
    @Autowired private ServletWebServerApplicationContext context;

    @AfterEach
    void nothingIsLeftBehind() {
        await("tmp/ is empty and no thread is busy")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> tmp().isEmpty() && activeThreads() == 0);
    }

    static List<String> badIds() {
        return List.of(
                "",
                "abc",
                "abcde",
                "ABCD",
                "abcD",
                "wxyz",
                "ab",
                "a",
                "ab".repeat(1000),
                "ab%20d",
                "%C3%A9%C3%A9",
                "abcd.json",
                "-1");
    }

    static Stream<String> pathsWithABadId() {
        return badIds().stream().flatMap(id -> Stream.of("/action/" + id, "/output/" + id));
    }

    @ParameterizedTest
    @MethodSource("pathsWithABadId")
    void aGetOfABadIdIsRefused(String path) throws Exception {
        assertProblem(get(path), ProblemType.BAD_ID);
        assertProblem(get(path, "Want-Object", "1"), ProblemType.BAD_ID);
    }

    @ParameterizedTest
    @MethodSource("pathsWithABadId")
    void aTwoStepPutOfABadIdIsRefused(String path) throws Exception {
        assertProblem(put(path, new byte[0], "Go-Output-Id", "abcd"), ProblemType.BAD_ID);
    }

    @ParameterizedTest
    @MethodSource("badIds")
    void aPutWithABadOutputIdIsRefused(String id) throws Exception {
        assertProblem(put("/abcd/" + id, new byte[10]), ProblemType.BAD_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "ABCD", "wxyz", "ab", "ab%20d"})
    void aPutWithABadActionIdIsRefused(String id) throws Exception {
        assertProblem(put("/" + id + "/" + object.output(), object.bytes()), ProblemType.BAD_ID);
        assertProblem(get("/output/" + object.output()), ProblemType.MISS);
    }

    @Test
    void theProblemNamesTheIdButDoesNotRepeatALongOne() throws Exception {
        String detail =
                new String(get("/action/" + "ab".repeat(1000)).body(), StandardCharsets.UTF_8);
        assertThat(detail).contains("action ID", "2000 characters").hasSizeLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/action/..%2f..%2fetc%2fpasswd",
                "/output/..%2f",
                "/output/..%5c..%5cwindows",
                "/action/%00abcd",
                "/action/ab%zz",
                "/output/..;/abcd",
                "/action/../../etc/passwd"
            })
    void pathsThatTryToClimbAreRefused(String path) throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("GET " + path, "Connection: close");
            RawHttp.Response response = connection.receive();
            assertThat(response.status()).isIn(400, 404);
            assertThat(response.headers())
                    .containsEntry("content-type", "application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nope",
                "/action",
                "/output",
                "/index.html",
                "/favicon.ico",
                "/abcd/ef01/23",
                "/action/abcd/ef01",
                "/nope/"
            })
    void anUnknownPathIsNotFound(String path) throws Exception {
        assertProblem(get(path), ProblemType.NOT_FOUND);
    }

    @Test
    void anUnknownPathOfTwoSegmentsIsNotFound() throws Exception {
        assertProblem(get("/some/where"), ProblemType.NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /action/abcd",
        "DELETE, /action/abcd",
        "PATCH, /output/abcd",
        "DELETE, /output/abcd",
        "GET, /abcd/ef01",
        "POST, /abcd/ef01",
        "DELETE, /abcd/ef01"
    })
    void anUnknownMethodIsNotAllowedAndTheAnswerSaysWhichAre(String method, String path)
            throws Exception {
        var response = method(method, path);
        assertProblem(response, ProblemType.METHOD_NOT_ALLOWED);
        assertThat(header(response, "Allow")).contains("PUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "BREW", "CONNECT"})
    void aMethodThatNobodyKnowsIsAnErrorOfTheClient(String method) throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead(method + " /action/abcd", "Connection: close");
            RawHttp.Response response = connection.receive();
            assertThat(response.status()).isIn(400, 405, 501);
            assertThat(response.headers())
                    .containsEntry("content-type", "application/problem+json");
        }
    }

    @Test
    void aPutWithoutContentLengthIsRefused() throws Exception {
        assertProblem(putChunked(object.putPath(), object.bytes()), ProblemType.LENGTH_REQUIRED);
        assertProblem(
                putChunked("/output/" + object.output(), object.bytes()),
                ProblemType.LENGTH_REQUIRED);
        assertNotServed(object);
    }

    @Test
    void anActionPutWithAChunkedBodyIsRefused() throws Exception {
        assertProblem(
                putChunked("/action/" + object.action(), object.bytes()), ProblemType.BAD_REQUEST);
        assertNotServed(object);
    }

    @Test
    void aPutWithNeitherLengthNorCodingIsRefused() throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("PUT " + object.putPath());
            assertProblem(connection.receive(), ProblemType.LENGTH_REQUIRED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: many",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3\r\nTransfer-Encoding: gzip"
            })
    void aLengthThatIsNoneIsRefused(String header) throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("PUT " + object.putPath(), header);
            RawHttp.Response response = connection.receive();
            assertThat(response.status()).isIn(400, 411, 501);
            assertThat(response.headers())
                    .containsEntry("content-type", "application/problem+json");
        }
        assertNotServed(object);
    }

    @Test
    void aLengthBeyondTheMaximumIsRefusedBeforeTheBodyIsSent() throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead(
                    "PUT " + object.putPath(),
                    "Content-Length: 64000001000",
                    "Expect: 100-continue");
            assertProblem(connection.receive(), ProblemType.TOO_LARGE);
        }
        assertNotServed(object);
    }

    @Test
    void otherBytesAreRefused() throws Exception {
        byte[] other = object.bytes().clone();
        other[LARGE - 1] ^= 1;
        assertProblem(put(object.putPath(), other), ProblemType.BODY_MISMATCH);
        assertProblem(put("/output/" + object.output(), other), ProblemType.BODY_MISMATCH);
        assertNotServed(object);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, LARGE - 1})
    void aBodyThatIsTooShortForItsHashIsRefused(int size) throws Exception {
        byte[] part = Arrays.copyOf(object.bytes(), size);
        assertProblem(put(object.putPath(), part), ProblemType.BODY_MISMATCH);
        assertNotServed(object);
    }

    @Test
    void aBodyThatIsTooLongForItsHashIsRefused() throws Exception {
        byte[] more = Arrays.copyOf(object.bytes(), LARGE + 1);
        assertProblem(put(object.putPath(), more), ProblemType.BODY_MISMATCH);
        assertNotServed(object);
    }

    @Test
    void smallObjectsAreCheckedTheSame() throws Exception {
        TestObject small = TestObject.ofSize(100);
        assertProblem(put(small.putPath(), new byte[100]), ProblemType.BODY_MISMATCH);
        assertProblem(put(small.putPath(), new byte[0]), ProblemType.BODY_MISMATCH);
        assertNotServed(small);
    }

    @Test
    void afterARefusedBodyTheConnectionIsStillInStep() throws Exception {
        TestObject small = stored(TestObject.ofSize(100));
        try (RawHttp connection = connect()) {
            connection.sendHead("PUT " + object.putPath(), "Content-Length: 3").send(new byte[3]);
            assertProblem(connection.receive(), ProblemType.BODY_MISMATCH);
            connection.sendHead("GET /output/" + small.output());
            assertThat(connection.receive().body()).isEqualTo(small.bytes());
        }
    }

    @Test
    void bytesBeyondTheAnnouncedLengthAreNoPartOfTheObject() throws Exception {
        TestObject small = TestObject.ofSize(100);
        try (RawHttp connection = connect()) {
            connection.sendHead("PUT " + small.putPath(), "Content-Length: 100");
            connection
                    .send(small.bytes())
                    .send("surplus\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(connection.receive().status()).isEqualTo(204);
            assertThat(connection.receive().status()).isEqualTo(400);
        }
        assertThat(get("/output/" + small.output()).body()).isEqualTo(small.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void aClientThatEndsItsBodyEarlyIsRefused(int size) throws Exception {
        TestObject half = TestObject.ofSize(size);
        try (RawHttp connection = connect()) {
            connection
                    .sendHead("PUT " + half.putPath(), "Content-Length: " + size)
                    .send(Arrays.copyOf(half.bytes(), size / 2))
                    .endOutput();
            connection.receiveToEnd();
        }
        assertNotServed(half);
    }

    @Test
    void clientsThatHangUpHalfWayLeaveNothing() throws Exception {
        int before = connections();
        byte[] half = Arrays.copyOf(object.bytes(), 200_000);
        for (int i = 0; i < MANY; i++) {
            try (RawHttp connection = connect()) {
                connection
                        .sendHead("PUT " + object.putPath(), "Content-Length: " + LARGE)
                        .send(half)
                        .reset();
            }
        }
        await().until(() -> connections() <= before + 2);
        assertNotServed(object);
    }

    @Test
    void clientsThatHangUpWhileTheyReceiveLeaveNothing() throws Exception {
        stored(object);
        int before = connections();
        for (int i = 0; i < MANY; i++) {
            try (RawHttp connection = connect()) {
                connection.sendHead("GET /output/" + object.output()).reset();
            }
        }
        await().until(() -> connections() <= before + 2);
        assertThat(Arrays.equals(get("/output/" + object.output()).body(), object.bytes()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void aClientThatStallsIsToldSoAndHungUpOn(int size) throws Exception {
        TestObject stalling = TestObject.ofSize(size);
        try (RawHttp connection = connect()) {
            connection
                    .sendHead("PUT " + stalling.putPath(), "Content-Length: " + size)
                    .send(Arrays.copyOf(stalling.bytes(), size / 2));
            assertProblem(connection.receive(), ProblemType.REQUEST_TIMEOUT);
            assertThat(connection.receiveToEnd()).isEmpty();
        }
        assertNotServed(stalling);
    }

    @Test
    void aClientThatStallsWithinItsHeadersIsHungUpOn() throws Exception {
        try (RawHttp connection = connect()) {
            connection.send(
                    "GET /action/abcd HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
            connection.receiveToEnd();
        }
    }

    @Test
    void requestsThatAreNoHttpAreRefused() throws Exception {
        try (RawHttp connection = connect()) {
            connection.send(
                    "\u0016\u0003\u0001 is TLS\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(connection.receiveToEnd(), StandardCharsets.UTF_8))
                    .contains("400");
        } catch (SocketException reset) {
            // refused, too
        }
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("GET /action/abcd", "X-Long: " + "x".repeat(100_000));
            assertThat(connection.receive().status()).isEqualTo(400);
        } catch (IOException reset) {
            // refused, too
        }
    }

    private int connections() {
        return (int) protocol().getConnectionCount();
    }

    private int activeThreads() {
        return protocol().getExecutor() instanceof ThreadPoolExecutor pool
                ? pool.getActiveCount()
                : 0;
    }

    private AbstractProtocol<?> protocol() {
        var server = (TomcatWebServer) Objects.requireNonNull(context.getWebServer());
        return (AbstractProtocol<?>) server.getTomcat().getConnector().getProtocolHandler();
    }
}
