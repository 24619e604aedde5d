package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Paths, methods and headers that the service does not know. */
class BadPathTest extends BadRequestFixture {

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

    @ParameterizedTest
    @ValueSource(strings = {"/builds?=", "/builds?limit=1&=1"})
    void aQueryThatCannotBeTakenApartIsRefused(String path) throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("GET " + path, "Connection: close");
            assertThat(connection.receive().status()).isEqualTo(400);
        }
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
        assertThat(header(response, "Allow"))
                .contains("PUT")
                .matches(allow -> allow.contains("GET") == allow.contains("HEAD"));
    }

    @Test
    void whereAGetIsAllowedAHeadIsToo() throws Exception {
        assertThat(header(method("DELETE", "/action/abcd"), "Allow").split(", "))
                .containsExactlyInAnyOrder("GET", "HEAD", "PUT");
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

    @Test
    void nobodyRemovesEntriesWhereNobodyNeedsAToken() throws Exception {
        TestObject object = TestObject.ofSize(10);
        assertThat(put(object.putPath(), object.bytes()).statusCode()).isEqualTo(204);
        String entry = "/entries/action/" + object.action();
        assertProblem(method("DELETE", entry + "?by=me&reason=none"), ProblemType.FORBIDDEN);
        assertThat(get(entry).statusCode()).isEqualTo(200);
    }
}
