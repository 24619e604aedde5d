package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;

class PutTest extends WebFixture {

    private static final int CLIENTS = 128;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, INLINE_SIZE, INLINE_SIZE + 1, LARGE})
    void objectAndActionInOneRequest(int size) throws Exception {
        TestObject object = size == 0 ? TestObject.of("") : TestObject.ofSize(size);
        var response = put(object.putPath(), object.bytes());
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertServed(object);
        assertThat(tmp()).isEmpty();
    }

    @Test
    void theSameAgainIsFine() throws Exception {
        TestObject object = stored(TestObject.ofSize(LARGE));
        assertServed(stored(object));
    }

    @Test
    void theActionAloneIsToldToSendTheObjectFirst() throws Exception {
        TestObject object = TestObject.ofSize(10);
        assertProblem(putAction(object), ProblemType.OBJECT_MISSING);
        assertNotServed(object);
    }

    @Test
    void theObjectAloneHasNoAction() throws Exception {
        TestObject object = TestObject.ofSize(10);
        assertThat(putObject(object).statusCode()).isEqualTo(204);
        assertThat(get("/output/" + object.output()).body()).isEqualTo(object.bytes());
        assertProblem(get("/action/" + object.action()), ProblemType.MISS);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, LARGE})
    void theObjectAndThenTheActionMakeAnEntry(int size) throws Exception {
        TestObject object = TestObject.ofSize(size);
        assertThat(putAction(object).statusCode()).isEqualTo(409);
        assertThat(putObject(object).statusCode()).isEqualTo(204);
        assertThat(putAction(object).statusCode()).isEqualTo(204);
        assertServed(object);
    }

    @Test
    void anActionWithoutGoOutputIdIsRefused() throws Exception {
        var response = put("/action/" + TestObject.ofSize(1).action(), new byte[0]);
        assertProblem(response, ProblemType.BAD_REQUEST);
    }

    @Test
    void anActionWithAnInvalidGoOutputIdIsRefused() throws Exception {
        var response =
                put(
                        "/action/" + TestObject.ofSize(1).action(),
                        new byte[0],
                        "Go-Output-Id",
                        "ABCD");
        assertProblem(response, ProblemType.BAD_ID);
    }

    @Test
    void anActionWithABodyIsRefused() throws Exception {
        TestObject object = stored(TestObject.ofSize(10));
        var response =
                put(
                        "/action/" + object.action(),
                        object.bytes(),
                        "Go-Output-Id",
                        object.output().hex());
        assertProblem(response, ProblemType.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json",
                "text/plain; charset=utf-16",
                "no/such/type"
            })
    void theContentTypeDoesNotMatter(String contentType) throws Exception {
        for (TestObject object :
                new TestObject[] {TestObject.of("a=b&c=d"), TestObject.ofSize(LARGE)}) {
            var response = put(object.putPath(), object.bytes(), "Content-Type", contentType);
            assertThat(response.statusCode()).isEqualTo(204);
            assertServed(object);
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToContinue() throws Exception {
        TestObject object = TestObject.ofSize(LARGE);
        try (RawHttp connection = connect()) {
            connection.sendHead(
                    "PUT " + object.putPath(),
                    "Content-Length: " + object.size(),
                    "Expect: 100-continue");
            assertThat(connection.receive().status()).isEqualTo(100);
            connection.send(object.bytes());
            assertThat(connection.receive().status()).isEqualTo(204);
        }
        assertServed(object);
    }

    @Test
    void aClientThatAsksFirstIsSparedABodyThatWouldBeRefused() throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead(
                    "PUT /ABCD/abcd", "Content-Length: 1000000", "Expect: 100-continue");
            assertProblem(connection.receive(), ProblemType.BAD_ID);
        }
    }

    @Test
    void manyClientsAtOnce() throws Exception {
        Concurrently.run(
                CLIENTS,
                i ->
                        () -> {
                            assertServed(stored(TestObject.ofSize(i % 2 == 0 ? 500 : 200_000)));
                            return true;
                        });
        assertThat(tmp()).isEmpty();
    }

    @Test
    void manyClientsWithTheSameObjectAtOnce() throws Exception {
        TestObject object = TestObject.ofSize(200_000);
        Concurrently.run(
                CLIENTS,
                i ->
                        () -> {
                            assertServed(stored(object));
                            return true;
                        });
        assertThat(tmp()).isEmpty();
    }

    private HttpResponse<byte[]> putObject(TestObject object) throws Exception {
        return put("/output/" + object.output(), object.bytes());
    }

    private HttpResponse<byte[]> putAction(TestObject object) throws Exception {
        return put(
                "/action/" + object.action(), new byte[0], "Go-Output-Id", object.output().hex());
    }
}
