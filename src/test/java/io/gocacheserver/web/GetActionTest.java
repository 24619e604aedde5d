package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

class GetActionTest extends WebFixture {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, INLINE_SIZE, INLINE_SIZE + 1, 60_000, LARGE})
    void withWantObjectTheAnswerIsTheObject(int size) throws Exception {
        TestObject object = stored(size == 0 ? TestObject.of("") : TestObject.ofSize(size));
        var response = get("/action/" + object.action(), "Want-Object", "1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Arrays.equals(response.body(), object.bytes())).isTrue();
        assertObjectHeaders(response, object);
    }

    @Test
    void theEntrysTimeIsThatOfThePut() throws Exception {
        Instant before = Instant.now();
        TestObject object = stored(TestObject.ofSize(10));
        var response = get("/action/" + object.action(), "Want-Object", "1");
        Instant time = Instant.parse(header(response, "Go-Entry-Time"));
        assertThat(time).isBetween(before, before.plus(Duration.ofMinutes(1)));
        assertThat(entry(object).get("time").asString()).isEqualTo(time.toString());
    }

    @Test
    void withoutWantObjectTheAnswerIsTheEntry() throws Exception {
        TestObject object = stored(TestObject.ofSize(LARGE));
        var response = get("/action/" + object.action());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        JsonNode entry = JsonMapper.shared().readTree(response.body());
        assertThat(entry.propertyNames()).containsExactly("outputID", "size", "time");
        assertThat(entry.get("outputID").asString()).isEqualTo(object.output().hex());
        assertThat(entry.get("size").asLong()).isEqualTo(LARGE);
        assertThat(Instant.parse(entry.get("time").asString())).isBefore(Instant.now());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "true", ""})
    void anyOtherValueOfWantObjectMeansTheEntry(String value) throws Exception {
        TestObject object = stored(TestObject.ofSize(10));
        var response = get("/action/" + object.action(), "Want-Object", value);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    }

    @Test
    void aMissIs404InBothForms() throws Exception {
        TestObject object = TestObject.ofSize(10);
        assertProblem(get("/action/" + object.action()), ProblemType.MISS);
        assertProblem(get("/action/" + object.action(), "Want-Object", "1"), ProblemType.MISS);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, LARGE})
    void headHasTheSameHeadersAndNoBody(int size) throws Exception {
        TestObject object = stored(TestObject.ofSize(size));
        var response = head("/action/" + object.action(), "Want-Object", "1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertObjectHeaders(response, object);
    }

    @Test
    void headOfTheEntryHasItsLength() throws Exception {
        TestObject object = stored(TestObject.ofSize(10));
        var response = head("/action/" + object.action());
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "Content-Length"))
                .isEqualTo(header(get("/action/" + object.action()), "Content-Length"));
    }

    @Test
    void headOfAMissIs404() throws Exception {
        var response = head("/action/" + TestObject.ofSize(1).action(), "Want-Object", "1");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void whoHasTheObjectAlreadyIsNotSentIt() throws Exception {
        TestObject object = stored(TestObject.ofSize(LARGE));
        var response =
                get(
                        "/action/" + object.action(),
                        "Want-Object",
                        "1",
                        "If-None-Match",
                        '"' + object.output().hex() + '"');
        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "Go-Output-Id")).isEqualTo(object.output().hex());
    }

    @Test
    void aLaterPutChangesTheAnswer() throws Exception {
        TestObject first = stored(TestObject.ofSize(10));
        TestObject second = TestObject.ofSize(LARGE);
        put("/" + first.action() + "/" + second.output(), second.bytes());
        var response = get("/action/" + first.action(), "Want-Object", "1");
        assertObjectHeaders(response, second);
    }

    private JsonNode entry(TestObject object) throws Exception {
        return JsonMapper.shared().readTree(get("/action/" + object.action()).body());
    }

    private static void assertObjectHeaders(HttpResponse<byte[]> response, TestObject object) {
        assertThat(header(response, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(object.size()));
        assertThat(header(response, "Go-Output-Id")).isEqualTo(object.output().hex());
        assertThat(header(response, "ETag")).isEqualTo('"' + object.output().hex() + '"');
        assertThat(header(response, "Vary"))
                .isEqualTo("Want-Object, Want-Executable, Accept-Encoding");
        assertThat(Instant.parse(header(response, "Go-Entry-Time"))).isBefore(Instant.now());
    }
}
