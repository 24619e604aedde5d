package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Requests about whose end a proxy and the service might disagree, and what might be hidden behind that. */
class SmugglingTest extends WebFixture {

    private final TestObject hidden = TestObject.of("hidden in another request's body");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nTransfer-Encoding : chunked",
                "Content-Length: 5\r\nTransfer-Encoding: xchunked",
                "Content-Length: 5\r\nTransfer-Encoding: chunked, identity",
                "Content-Length: 5\r\nTransfer-Encoding:\u000bchunked",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: 0x5",
                "Content-Length: 5\r\n Transfer-Encoding: chunked",
                "Content-Length : 5",
                "Content-Length: 5\rTransfer-Encoding: chunked",
                "X: y\u0000\r\nContent-Length: 5",
                "Content-Length: 5\r\nno colon"
            })
    void aRequestWithTwoEndsHidesNoOther(String headers) throws Exception {
        String put =
                "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(hidden.putPath(), hidden.size(), text(hidden));
        String request =
                "PUT /action/abcd HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n0\r\n\r\n%s"
                        .formatted(headers, put);
        try (RawHttp connection = connect()) {
            connection.send(request.getBytes(StandardCharsets.ISO_8859_1));
            connection.endOutput();
            String answers = new String(connection.receiveToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(answers).startsWith("HTTP/1.1 ");
            assertThat(answers.substring(9, 12)).isIn("400", "411", "501");
            assertThat(answers.split("HTTP/1\\.1 ", -1)).hasSize(2);
        }
        assertNotServed(hidden);
    }

    @Test
    void aPutThatIsRefusedBeforeItsBodyLeavesNothingOfItForTheNextRequest() throws Exception {
        byte[] body =
                "GET /action/abcd HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (RawHttp connection = connect()) {
            connection.sendHead("PUT /no-id/no-id", "Content-Length: " + body.length);
            connection.send(body);
            assertProblem(connection.receive(), ProblemType.BAD_ID);
            connection.endOutput();
            assertThat(connection.receiveToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "CONNECT elsewhere:80 HTTP/1.1\r\nHost: x\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET http://elsewhere/action/abcd HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /action/abcd HTTP/1.1\r\n\r\n",
                "GET /action/abcd HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /action/abcd HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET  /action/abcd HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /action/abcd\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001",
                "nonsense\r\n\r\n"
            })
    void whatIsNoRequestForHereIsRefusedAndHungUpOn(String request) throws Exception {
        try (RawHttp connection = connect()) {
            connection.send(request.getBytes(StandardCharsets.ISO_8859_1));
            connection.endOutput();
            String answer = new String(connection.receiveToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .satisfiesAnyOf(
                            text -> assertThat(text).isEmpty(),
                            // HTTP/0.9 has no status
                            text -> assertThat(text).matches("\\{\"type\".*\"status\":4..\\}"),
                            text -> assertThat(text).matches("(?s)HTTP/1\\.[01] (4|5)..? .*"));
        }
        assertThat(get("/openapi.yaml").statusCode()).isEqualTo(200);
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("GET /action/abcd", "X: " + "y".repeat(20_000));
            assertThat(connection.receive().status()).isIn(400, 431);
        }
        try (RawHttp connection = connect()) {
            String[] many = new String[500];
            Arrays.fill(many, "a: b");
            connection.sendHead("GET /action/abcd", many);
            assertThat(connection.receive().status()).isIn(400, 431);
        }
    }

    @Test
    void noAnswerIsTakenForWhatItIsNot() throws Exception {
        TestObject object = stored(TestObject.ofSize(10));
        for (String path :
                new String[] {
                    "/output/" + object.output(), "/action/ffff", "/nowhere", "/", "/status.json"
                }) {
            assertThat(header(get(path, "Want-Object", "1"), "X-Content-Type-Options"))
                    .as(path)
                    .isEqualTo("nosniff");
        }
        assertThat(header(get("/"), "X-Frame-Options")).isEqualTo("DENY");
    }

    private static String text(TestObject object) {
        return new String(object.bytes(), StandardCharsets.ISO_8859_1);
    }
}
