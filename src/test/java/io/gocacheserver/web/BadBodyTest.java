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

/** Bodies that are not what was announced, or not announced at all. */
class BadBodyTest extends BadRequestFixture {

    private final TestObject object = TestObject.ofSize(LARGE);

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
}
