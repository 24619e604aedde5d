package io.gocacheserver.web;

import static io.gocacheserver.testsupport.Waiting.await;
import static io.gocacheserver.wire.BulkFrame.ABSENT;
import static io.gocacheserver.wire.BulkFrame.END;
import static io.gocacheserver.wire.BulkFrame.HIT;
import static io.gocacheserver.wire.BulkFrame.NOT_SENT;
import static io.gocacheserver.wire.BulkFrame.TOO_LARGE;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.web.BulkFrames.Frame;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BulkFrame;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /bulk} over the real disk tier. */
class BulkReadTest extends WebFixture {

    @Autowired private BulkStatistics statistics;

    private final TestObject small = TestObject.of("small ".repeat(10));
    private final TestObject text = TestObject.of("compresses well ".repeat(20_000));
    private final TestObject large = TestObject.ofSize(LARGE);
    private final ActionId unknown = TestValues.action("never put");

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "identity"})
    void objectsComeInTheOrderAskedForAndAbsentOnesAreMarked(String coding) throws Exception {
        storeAll();
        List<Frame> frames =
                frames(
                        bulk(
                                "/bulk",
                                coding,
                                large.action(),
                                unknown,
                                small.action(),
                                text.action(),
                                small.action()));
        assertThat(BulkFrames.kinds(frames)).containsExactly(HIT, ABSENT, HIT, HIT, HIT, END);
        assertThat(frames.stream().map(Frame::index)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(frames.get(0).object()).isEqualTo(large.bytes());
        assertThat(frames.get(2).object()).isEqualTo(small.bytes());
        assertThat(frames.get(3).object()).isEqualTo(text.bytes());
        assertThat(frames.get(3).coding())
                .isEqualTo(coding.equals("zstd") ? BulkFrame.ZSTD : BulkFrame.IDENTITY);
    }

    @Test
    void manySmallOnesComeWhole() throws Exception {
        List<ActionId> actions = new ArrayList<>();
        List<TestObject> objects = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            TestObject object = stored(TestObject.ofSize(i * 7));
            objects.add(object);
            actions.add(object.action());
        }
        List<Frame> frames = frames(bulk("/bulk", "zstd", actions.toArray(ActionId[]::new)));
        assertThat(frames).hasSize(301);
        for (int i = 0; i < objects.size(); i++) {
            assertThat(frames.get(i).object()).isEqualTo(objects.get(i).bytes());
        }
    }

    @Test
    void nothingAskedForIsAnEmptyAnswer() throws Exception {
        assertThat(BulkFrames.kinds(frames(bulk("/bulk", "zstd")))).containsExactly(END);
    }

    @Test
    void largerObjectsAreMarkedAndAfterTheBudgetNothingIsSent() throws Exception {
        storeAll();
        assertThat(
                        BulkFrames.kinds(
                                frames(
                                        bulk(
                                                "/bulk?max-object=1000",
                                                "identity",
                                                large.action(),
                                                small.action()))))
                .containsExactly(TOO_LARGE, HIT, END);
        assertThat(
                        BulkFrames.kinds(
                                frames(
                                        bulk(
                                                "/bulk?max-bytes=60",
                                                "identity",
                                                small.action(),
                                                small.action(),
                                                unknown))))
                .containsExactly(HIT, NOT_SENT, NOT_SENT, END);
    }

    @Test
    void requestsThatMakeNoSenseAreProblems() throws Exception {
        assertProblem(post("/bulk", new byte[] {0, 32, 1}), ProblemType.BAD_REQUEST);
        assertProblem(post("/bulk", new byte[] {0, 1}), ProblemType.BAD_REQUEST);
        assertProblem(post("/bulk?max-object=-1", new byte[0]), ProblemType.BAD_REQUEST);
        assertProblem(post("/bulk?max-bytes=many", new byte[0]), ProblemType.BAD_REQUEST);
        byte[] tooMany = new byte[2 + 16_385 * 32];
        tooMany[1] = 32;
        assertProblem(post("/bulk", tooMany), ProblemType.TOO_LARGE);
        assertProblem(get("/bulk"), ProblemType.METHOD_NOT_ALLOWED);
    }

    @Test
    void aClientThatHangsUpOrStallsHoldsNothing() throws Exception {
        stored(large);
        List<ActionId> actions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            actions.add(large.action());
        }
        byte[] body = ActionList.encode(actions);
        long cut = statistics.cut();
        try (RawHttp stalling = connect();
                RawHttp resetting = connect()) {
            stalling.sendHead("POST /bulk", "Content-Length: " + body.length).send(body);
            resetting.sendHead("POST /bulk", "Content-Length: " + body.length).send(body).reset();
            await().until(() -> statistics.cut() >= cut + 2);
        }
        await().until(() -> statistics.running() == 0);
        assertThat(BulkFrames.kinds(frames(bulk("/bulk", "zstd", large.action()))))
                .containsExactly(HIT, END);
    }

    private void storeAll() throws Exception {
        stored(small);
        stored(text);
        stored(large);
    }

    private HttpResponse<byte[]> bulk(String path, String coding, ActionId... actions)
            throws Exception {
        return post(path, ActionList.encode(List.of(actions)), "Accept-Encoding", coding);
    }

    private static List<Frame> frames(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return BulkFrames.parse(response.body());
    }
}
