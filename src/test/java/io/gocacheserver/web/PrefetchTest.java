package io.gocacheserver.web;

import static io.gocacheserver.wire.PrefetchFrame.ABSENT;
import static io.gocacheserver.wire.PrefetchFrame.END;
import static io.gocacheserver.wire.PrefetchFrame.HIT;
import static io.gocacheserver.wire.PrefetchFrame.NOT_SENT;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.web.PrefetchFrames.Frame;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.UsedActions.Use;
import io.gocacheserver.wire.WireHeaders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/** {@code /prefetch} over the real disk tier. */
class PrefetchTest extends WebFixture {

    private final String module = "example.com/m" + System.nanoTime();
    private final String version = "go1." + System.nanoTime();
    private final ActionId first = TestValues.action(module + " first");
    private final ActionId second = TestValues.action(module + " second");
    private final ActionId third = TestValues.action(module + " third");

    /** An answer, read as a client does. */
    private record Answer(String key, List<ActionId> actions, List<Frame> frames) {}

    @Test
    void theObjectsOfTheLastBuildComeInTheOrderOfUse() throws Exception {
        TestObject one = stored(TestObject.ofSize(100));
        TestObject other = stored(TestObject.ofSize(50_000));
        used(
                build("go build ."),
                new Use(other.action(), UsedActions.HIT),
                new Use(third, UsedActions.MISS),
                new Use(one.action(), UsedActions.LOCAL));

        Answer answer = start(build("go build ."));

        assertThat(answer.actions()).containsExactly(other.action(), one.action());
        assertThat(answer.key()).startsWith(module + ":").contains(":build:any:");
        assertThat(PrefetchFrames.kinds(answer.frames())).containsExactly(HIT, HIT, END);
        assertThat(answer.frames().get(0).object()).isEqualTo(other.bytes());
        assertThat(answer.frames().get(1).object()).isEqualTo(one.bytes());
    }

    @Test
    void whatTheClientHasDoesNotCome() throws Exception {
        used(build("go build ."), hits(first, second, third));
        ActionFilter have = ActionFilter.forActions(1);
        have.add(second);
        byte[] bits = new byte[have.size()];
        have.copyTo(bits, 0);

        assertThat(start(build("go build .") + ",\"have\":\"" + base64(bits) + '"').actions())
                .containsExactly(first, third);
        assertProblem(
                post(
                        "/prefetch",
                        json(build("go build .") + ",\"have\":\"AAAA\""),
                        "Content-Type",
                        "application/json"),
                ProblemType.BAD_REQUEST);
    }

    @Test
    void whatTheCacheLacksAndWhatIsTooMuchIsMarked() throws Exception {
        TestObject stored = stored(TestObject.ofSize(100));
        used(build("go build ."), hits(first, stored.action(), second));

        assertThat(PrefetchFrames.kinds(start(build("go build .")).frames()))
                .containsExactly(ABSENT, HIT, ABSENT, END);
        assertThat(PrefetchFrames.kinds(answer("?max-bytes=60", build("go build .")).frames()))
                .containsExactly(ABSENT, NOT_SENT, NOT_SENT, END);
    }

    @Test
    void aPartialBuildTakesNothingAway() throws Exception {
        used(build("go build ./..."), hits(first, second));
        used(build("go build ./a"), hits(third, second));

        assertThat(start(build("go build ./b")).actions()).containsExactly(third, second, first);
        assertThat(start(build("go build ./...")).actions()).containsExactly(first, second);
    }

    @Test
    void aModuleThatIsNewGetsWhatOthersOfItsToolchainUsed() throws Exception {
        used(build("go build ."), hits(first));

        Answer answer = start(build("go vet .").replace(module, "example.com/new"));

        assertThat(answer.actions()).containsExactly(first);
        assertThat(answer.key()).startsWith("any:" + version + ":");
        assertProblem(
                post(
                        "/prefetch",
                        json(build("go build -race .").replace(module, "example.com/new")),
                        "Content-Type",
                        "application/json"),
                ProblemType.MISS);
    }

    @Test
    void ofOtherModulesTheFirstActionsCome() throws Exception {
        Use[] many =
                IntStream.range(0, 2_100)
                        .mapToObj(i -> new Use(TestValues.action(module + i), UsedActions.HIT))
                        .toArray(Use[]::new);
        used(build("go build ."), many);

        assertThat(start(build("go build .")).actions()).hasSize(2_100);
        assertThat(start(build("go build .").replace(module, "example.com/new")).actions())
                .hasSize(2_000)
                .first()
                .isEqualTo(many[0].action());
    }

    @Test
    void programsOfOtherModulesAreLeftToBeAskedFor() throws Exception {
        TestObject program = stored(TestObject.of("#!/bin/sh\n" + module));
        TestObject archive = stored(TestObject.ofSize(100));
        used(build("go build ."), hits(program.action(), archive.action()));

        String other = build("go build .").replace(module, "example.com/new");
        assertThat(PrefetchFrames.kinds(start(build("go build .")).frames()))
                .containsExactly(HIT, HIT, END);
        assertThat(PrefetchFrames.kinds(start(other).frames())).containsExactly(NOT_SENT, HIT, END);
    }

    @Test
    void theAnswerAtTheEndNamesWhatTheClientHasAndTheCacheLacks() throws Exception {
        TestObject stored = stored(TestObject.ofSize(100));
        ActionList missing =
                used(
                        build("go build ."),
                        new Use(stored.action(), UsedActions.LOCAL),
                        new Use(first, UsedActions.LOCAL),
                        new Use(second, UsedActions.PUT),
                        new Use(third, UsedActions.MISS));
        assertThat(IntStream.range(0, missing.size()).mapToObj(missing::get))
                .containsExactly(first, second);
    }

    @Test
    void aBuildOfWhichNothingIsKnownIsNotNoted() throws Exception {
        assertThat(used("{}", new Use(first, UsedActions.LOCAL)).size()).isOne();
        assertProblem(
                post("/prefetch", json("{}"), "Content-Type", "application/json"),
                ProblemType.MISS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"build\":[]}",
                "{\"build\":{\"command\":\"go\"}}",
                "{\"build\":{\"variables\":{\"GOOS\":{}}}}",
                "{\"build\":{},\"used\":\"?\"}",
                "{\"build\":{},\"used\":\"AAA=\"}"
            })
    void requestsThatMakeNoSenseAreProblems(String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertProblem(
                post("/prefetch/used", bytes, "Content-Type", "application/json"),
                ProblemType.BAD_REQUEST);
        if (!body.contains("used")) {
            assertProblem(
                    post("/prefetch", bytes, "Content-Type", "application/json"),
                    ProblemType.BAD_REQUEST);
        }
    }

    @Test
    void bodiesHaveABound() throws Exception {
        byte[] tooLong = ("{\"build\":{}}" + " ".repeat(2 << 20)).getBytes(StandardCharsets.UTF_8);
        assertProblem(
                post("/prefetch", tooLong, "Content-Type", "application/json"),
                ProblemType.TOO_LARGE);
        assertProblem(
                post("/prefetch/used", tooLong, "Content-Type", "application/json"),
                ProblemType.TOO_LARGE);
        byte[] tooMany = new byte[2 + 32_769 * 3];
        tooMany[1] = 2;
        assertProblem(
                post(
                        "/prefetch/used",
                        json("{},\"used\":\"" + base64(tooMany) + '"'),
                        "Content-Type",
                        "application/json"),
                ProblemType.TOO_LARGE);
    }

    private String build(String command) {
        String words = String.join("\",\"", command.split(" "));
        return """
        {"module":"%s","root":"/src","directory":"/src","command":["%s"],
         "variables":{"GOVERSION":"%s","GOOS":"linux","GOARCH":"amd64"},"later":1}"""
                .formatted(module, words, version);
    }

    private Answer start(String build) throws Exception {
        return answer("", build);
    }

    private Answer answer(String query, String build) throws Exception {
        HttpResponse<byte[]> answer =
                post(
                        "/prefetch" + query,
                        json(build),
                        "Content-Type",
                        "application/json",
                        WireHeaders.WANT_EXECUTABLE,
                        WireHeaders.WANT_EXECUTABLE_YES);
        assertThat(answer.statusCode()).isEqualTo(200);
        ByteBuffer body = ByteBuffer.wrap(answer.body());
        byte[] list = new byte[body.getInt()];
        body.get(list);
        ActionList actions = ActionList.decode(list);
        byte[] frames = Arrays.copyOfRange(answer.body(), 4 + list.length, answer.body().length);
        return new Answer(
                header(answer, WireHeaders.PROFILE_KEY),
                IntStream.range(0, actions.size()).mapToObj(actions::get).toList(),
                PrefetchFrames.parse(frames));
    }

    private ActionList used(String build, Use... uses) throws Exception {
        String list = base64(UsedActions.encode(List.of(uses)));
        HttpResponse<byte[]> answer =
                post(
                        "/prefetch/used",
                        json(build + ",\"used\":\"" + list + '"'),
                        "Content-Type",
                        "application/json");
        assertThat(answer.statusCode()).isEqualTo(200);
        return ActionList.decode(answer.body());
    }

    private static byte[] json(String build) {
        return ("{\"build\":" + build + '}').getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Use[] hits(ActionId... actions) {
        return Arrays.stream(actions)
                .map(action -> new Use(action, UsedActions.HIT))
                .toArray(Use[]::new);
    }
}
