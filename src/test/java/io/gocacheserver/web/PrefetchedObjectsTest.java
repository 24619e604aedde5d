package io.gocacheserver.web;

import static io.gocacheserver.testsupport.Waiting.await;
import static io.gocacheserver.wire.PrefetchFrame.ABSENT;
import static io.gocacheserver.wire.PrefetchFrame.END;
import static io.gocacheserver.wire.PrefetchFrame.HIT;
import static io.gocacheserver.wire.PrefetchFrame.NOT_SENT;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.BuildMessages;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.web.PrefetchFrames.Frame;
import io.gocacheserver.wire.PrefetchFrame;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.UsedActions.Use;
import io.micrometer.core.instrument.MeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

import java.util.ArrayList;
import java.util.List;

/** What {@code POST /prefetch} sends, over the real disk tier. */
class PrefetchedObjectsTest extends WebFixture {

    @Autowired private MeterRegistry registry;

    private final TestObject small = TestObject.of("small ".repeat(10));
    private final TestObject text = TestObject.of("compresses well ".repeat(20_000));
    private final TestObject large = TestObject.ofSize(LARGE);
    private final ActionId unknown = TestValues.action("never put");

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "identity"})
    void objectsComeInTheirOrderAndAbsentOnesAreMarked(String coding) throws Exception {
        storeAll();
        List<Frame> frames =
                frames(
                        "",
                        List.of(large.action(), unknown, small.action(), text.action()),
                        "Accept-Encoding",
                        coding);
        assertThat(PrefetchFrames.kinds(frames)).containsExactly(HIT, ABSENT, HIT, HIT, END);
        assertThat(frames.stream().map(Frame::index)).containsExactly(0, 1, 2, 3, 4);
        assertThat(frames.get(0).object()).isEqualTo(large.bytes());
        assertThat(frames.get(2).object()).isEqualTo(small.bytes());
        assertThat(frames.get(3).object()).isEqualTo(text.bytes());
        assertThat(frames.get(3).coding())
                .isEqualTo(coding.equals("zstd") ? PrefetchFrame.ZSTD : PrefetchFrame.IDENTITY);
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
        List<Frame> frames = frames("", actions, "Accept-Encoding", "zstd");
        assertThat(frames).hasSize(301);
        for (int i = 0; i < objects.size(); i++) {
            assertThat(frames.get(i).object()).isEqualTo(objects.get(i).bytes());
        }
    }

    @Test
    void afterTheBudgetNothingIsSent() throws Exception {
        storeAll();
        assertThat(
                        PrefetchFrames.kinds(
                                frames(
                                        "?max-bytes=60",
                                        List.of(small.action(), text.action(), unknown))))
                .containsExactly(HIT, NOT_SENT, NOT_SENT, END);
    }

    @Test
    void budgetsThatMakeNoSenseAreProblems() throws Exception {
        List<ActionId> actions = List.of(unknown);
        assertProblem(prefetch("?max-bytes=-1", actions), ProblemType.BAD_REQUEST);
        assertProblem(prefetch("?max-bytes=many", actions), ProblemType.BAD_REQUEST);
        assertProblem(get("/prefetch"), ProblemType.METHOD_NOT_ALLOWED);
    }

    @Test
    void aClientThatHangsUpOrStallsHoldsNothing() throws Exception {
        List<ActionId> actions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            actions.add(stored(TestObject.ofSize(LARGE / 5 + i)).action());
        }
        byte[] used =
                UsedActions.encode(
                        actions.stream().map(each -> new Use(each, UsedActions.HIT)).toList());
        String[] json = {"Content-Type", "application/json"};
        assertThat(post("/prefetch/used", BuildMessages.end("slow", used), json).statusCode())
                .isEqualTo(200);
        byte[] body = BuildMessages.start("slow");
        String[] headers = {"Content-Type: application/json", "Content-Length: " + body.length};
        double cut = cut();
        try (RawHttp stalling = connect();
                RawHttp resetting = connect()) {
            stalling.sendHead("POST /prefetch", headers).send(body);
            resetting.sendHead("POST /prefetch", headers).send(body).reset();
            await().until(() -> cut() >= cut + 2);
        }
        await().until(() -> registry.get("gocache.prefetch.running").gauge().value() == 0);
        assertThat(PrefetchFrames.kinds(frames("", actions.subList(0, 1))))
                .containsExactly(HIT, END);
    }

    private void storeAll() throws Exception {
        stored(small);
        stored(text);
        stored(large);
    }

    private double cut() {
        return registry.get("gocache.prefetch.requests").tag("outcome", "cut").counter().count();
    }
}
