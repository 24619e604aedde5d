package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** IDs of another form, wherever they stand. */
class BadIdTest extends BadRequestFixture {

    private final TestObject object = TestObject.ofSize(LARGE);

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
}
