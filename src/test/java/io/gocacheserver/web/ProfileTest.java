package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.UsedActions.Use;
import io.gocacheserver.wire.WireHeaders;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** {@code /profile} over the real disk tier. */
class ProfileTest extends WebFixture {

    private final String key = "key-" + System.nanoTime();
    private final ActionId first = TestValues.action(key + " first");
    private final ActionId second = TestValues.action(key + " second");
    private final ActionId third = TestValues.action(key + " third");

    @Test
    void whatABuildUsedComesBackInItsOrderWithoutMisses() throws Exception {
        note(
                key,
                new Use(second, UsedActions.HIT),
                new Use(third, UsedActions.MISS),
                new Use(first, UsedActions.LOCAL));
        assertThat(actions(profile("/profile?key=" + key))).containsExactly(second, first);
    }

    @Test
    void aPartialBuildTakesNothingAway() throws Exception {
        note(key, hits(first, second));
        note(key, hits(third, second));
        BuildProfile profile = profile("/profile?key=" + key);
        assertThat(actions(profile)).containsExactly(third, second, first);
        assertThat(profile.build(0)).isZero();
        assertThat(profile.build(2)).isEqualTo(1);
    }

    @Test
    void theFirstKeyThatIsKnownAnswers() throws Exception {
        note(key, hits(first));
        HttpResponse<byte[]> answer = get("/profile?key=no-such&key=" + key);
        assertThat(header(answer, WireHeaders.PROFILE_KEY_INDEX)).isEqualTo("1");
        assertThat(actions(BuildProfile.decode(answer.body()))).containsExactly(first);
        assertProblem(get("/profile?key=no-such"), ProblemType.MISS);
    }

    @Test
    void aBuildCanBeNotedUnderSeveralKeys() throws Exception {
        note(key + "&key=any%3A" + key, hits(first));
        assertThat(actions(profile("/profile?key=any:" + key))).containsExactly(first);
        assertThat(actions(profile("/profile?key=" + key))).containsExactly(first);
    }

    @Test
    void theAnswerNamesWhatTheClientHasAndTheCacheLacks() throws Exception {
        TestObject stored = stored(TestObject.ofSize(100));
        ActionList missing =
                note(
                        key,
                        new Use(stored.action(), UsedActions.LOCAL),
                        new Use(first, UsedActions.LOCAL),
                        new Use(second, UsedActions.PUT),
                        new Use(third, UsedActions.MISS));
        assertThat(IntStream.range(0, missing.size()).mapToObj(missing::get))
                .containsExactly(first, second);
    }

    @Test
    void aBodyThatIsLabelledAsAFormIsReadAllTheSame() throws Exception {
        HttpResponse<byte[]> answer =
                post(
                        "/profile?key=" + key,
                        UsedActions.encode(List.of(hits(first))),
                        "Content-Type",
                        "application/x-www-form-urlencoded");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(actions(profile("/profile?key=" + key))).containsExactly(first);
    }

    @Test
    void requestsThatMakeNoSenseAreProblems() throws Exception {
        assertProblem(get("/profile"), ProblemType.BAD_REQUEST);
        assertProblem(get("/profile?key="), ProblemType.BAD_REQUEST);
        assertProblem(get("/profile?key=a%20b"), ProblemType.BAD_REQUEST);
        assertProblem(get("/profile?key=" + "x".repeat(257)), ProblemType.BAD_REQUEST);
        assertProblem(get("/profile?key=x" + "&key=x".repeat(8)), ProblemType.BAD_REQUEST);
        assertProblem(post("/profile?key=x", new byte[] {0}), ProblemType.BAD_REQUEST);
        assertProblem(post("/profile?key=x", new byte[] {0, 32, 1}), ProblemType.BAD_REQUEST);
        byte[] tooMany = new byte[2 + 32_769 * 33];
        tooMany[1] = 32;
        assertProblem(post("/profile?key=x", tooMany), ProblemType.TOO_LARGE);
    }

    private ActionList note(String keys, Use... uses) throws Exception {
        HttpResponse<byte[]> answer =
                post("/profile?key=" + keys, UsedActions.encode(List.of(uses)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return ActionList.decode(answer.body());
    }

    private BuildProfile profile(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        return BuildProfile.decode(answer.body());
    }

    private static Use[] hits(ActionId... actions) {
        return Arrays.stream(actions)
                .map(action -> new Use(action, UsedActions.HIT))
                .toArray(Use[]::new);
    }

    private static List<ActionId> actions(BuildProfile profile) {
        return IntStream.range(0, profile.size()).mapToObj(profile::action).toList();
    }
}
