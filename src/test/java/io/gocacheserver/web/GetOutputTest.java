package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.Arrays;

class GetOutputTest extends WebFixture {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, INLINE_SIZE, INLINE_SIZE + 1, LARGE})
    void theAnswerIsTheObject(int size) throws Exception {
        TestObject object = stored(size == 0 ? TestObject.of("") : TestObject.ofSize(size));
        var response = get("/output/" + object.output());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Arrays.equals(response.body(), object.bytes())).isTrue();
        assertHeaders(response, object);
    }

    @Test
    void anUnknownOneIsAMiss() throws Exception {
        assertProblem(get("/output/" + TestObject.ofSize(10).output()), ProblemType.MISS);
    }

    @Test
    void aMissIsNotCachedForEver() throws Exception {
        var response = get("/output/" + TestObject.ofSize(10).output());
        assertThat(header(response, "Cache-Control")).doesNotContain("immutable");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, LARGE})
    void headHasTheSameHeadersAndNoBody(int size) throws Exception {
        TestObject object = stored(TestObject.ofSize(size));
        var response = head("/output/" + object.output());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertHeaders(response, object);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"%s\"", "W/\"%s\"", "\"other\", \"%s\"", "*"})
    void whoHasItAlreadyIsNotSentIt(String condition) throws Exception {
        TestObject object = stored(TestObject.ofSize(LARGE));
        var response =
                get(
                        "/output/" + object.output(),
                        "If-None-Match",
                        condition.formatted(object.output()));
        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "ETag")).isEqualTo(tag(object));
        assertThat(header(response, "Cache-Control"))
                .isEqualTo("public, max-age=31536000, immutable");
    }

    @Test
    void whoHasAnotherOneIsSentIt() throws Exception {
        TestObject object = stored(TestObject.ofSize(10));
        var response = get("/output/" + object.output(), "If-None-Match", "\"abcd\"");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    /** Objects of 100 bytes, in the index, and of 100,000, in a blob: start and end as a client asks, then as it is told. */
    @ParameterizedTest
    @CsvSource({
        "100, bytes=0-0, 0, 0",
        "100, bytes=0-9, 0, 9",
        "100, bytes=90-, 90, 99",
        "100, bytes=90-1000, 90, 99",
        "100, bytes=-1, 99, 99",
        "100, bytes=-1000, 0, 99",
        "100000, bytes=0-0, 0, 0",
        "100000, bytes=99999-, 99999, 99999",
        "100000, bytes=1-70000, 1, 70000",
        "100000, bytes=-50000, 50000, 99999",
        "100000, bytes=0-, 0, 99999"
    })
    void aRangeIsAnsweredWithItsBytes(int size, String range, int start, int end) throws Exception {
        TestObject object = stored(TestObject.ofSize(size));
        var response = get("/output/" + object.output(), "Range", range);
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(header(response, "Content-Range"))
                .isEqualTo("bytes %d-%d/%d".formatted(start, end, size));
        assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(end - start + 1));
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(object.bytes(), start, end + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=1000-", "bytes=-0"})
    void aRangeBeyondTheEndCannotBeSatisfied(String range) throws Exception {
        TestObject object = stored(TestObject.ofSize(100));
        var response = get("/output/" + object.output(), "Range", range);
        assertProblem(response, ProblemType.RANGE_NOT_SATISFIABLE);
        assertThat(header(response, "Content-Range")).isEqualTo("bytes */100");
        assertThat(header(response, "Cache-Control")).doesNotContain("immutable");
    }

    @Test
    void noRangeOfAnEmptyObjectCanBeSatisfied() throws Exception {
        TestObject object = stored(TestObject.of(""));
        var response = get("/output/" + object.output(), "Range", "bytes=0-");
        assertProblem(response, ProblemType.RANGE_NOT_SATISFIABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-1,5-6",
                "lines=1-2",
                "bytes=",
                "bytes=x-y",
                "bytes=9-3",
                "nonsense",
                "bytes=99999999999999999999-"
            })
    void aRangeThatIsNotOnePlainRangeIsIgnored(String range) throws Exception {
        TestObject object = stored(TestObject.ofSize(100));
        var response = get("/output/" + object.output(), "Range", range);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(object.bytes());
    }

    @Test
    void aRangeIsHonouredWhereIfRangeHolds() throws Exception {
        TestObject object = stored(TestObject.ofSize(100));
        var response =
                get("/output/" + object.output(), "Range", "bytes=0-1", "If-Range", tag(object));
        assertThat(response.statusCode()).isEqualTo(206);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abcd\"", "W/\"%s\"", "Mon, 01 Jan 2024 00:00:00 GMT"})
    void aRangeIsIgnoredWhereIfRangeDoesNotHold(String condition) throws Exception {
        TestObject object = stored(TestObject.ofSize(100));
        var response =
                get(
                        "/output/" + object.output(),
                        "Range",
                        "bytes=0-1",
                        "If-Range",
                        condition.formatted(object.output()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(object.bytes());
    }

    @Test
    void headOfARangeHasNoBody() throws Exception {
        TestObject object = stored(TestObject.ofSize(LARGE));
        var response = head("/output/" + object.output(), "Range", "bytes=0-9");
        assertThat(response.statusCode()).isIn(200, 206);
        assertThat(response.body()).isEmpty();
    }

    private static void assertHeaders(HttpResponse<byte[]> response, TestObject object) {
        assertThat(header(response, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(response, "Content-Length")).isEqualTo(String.valueOf(object.size()));
        assertThat(header(response, "ETag")).isEqualTo(tag(object));
        assertThat(header(response, "Go-Output-Id")).isEqualTo(object.output().hex());
        assertThat(header(response, "Cache-Control"))
                .isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(response, "Vary")).contains("Accept-Encoding");
    }

    private static String tag(TestObject object) {
        return '"' + object.output().hex() + '"';
    }
}
