package io.gocacheserver.operations;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.profile.FreshProfiles;
import io.gocacheserver.testsupport.BuildMessages;
import io.gocacheserver.testsupport.EmbeddedS3;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.PrefetchFrame;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.UsedActions.Use;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.S3Client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Two whole services with disks of their own, and one bucket. */
class ReplicasTest {

    @AutoClose private EmbeddedS3 s3;
    @AutoClose private RunningService one;
    @AutoClose private RunningService other;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        s3 = EmbeddedS3.start();
        one = replica(directory.resolve("one"));
        one.context().getBean(S3Client.class).createBucket(request -> request.bucket("bucket"));
        other = replica(directory.resolve("other"));
    }

    @Test
    void theStartOfABuildBringsWhatOnlyTheBucketHasInTheOrderOfUse() throws Exception {
        List<TestObject> objects = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            TestObject object = TestObject.ofSize(i % 3 == 0 ? 200_000 : 500);
            assertThat((i % 4 == 0 ? other : one).put(object)).isEqualTo(204);
            objects.add(object);
        }
        await().until(() -> one.text("/actuator/expvar").contains("\"put_s3_action\":45"));
        List<ActionId> actions = objects.stream().map(TestObject::action).toList();
        byte[] answer = prefetched(actions);
        int offset = 0;
        for (int i = 0; i < objects.size(); i++) {
            assertThat(PrefetchFrame.kind(answer, offset)).isEqualTo(PrefetchFrame.HIT);
            assertThat(PrefetchFrame.index(answer, offset)).isEqualTo(i);
            offset += PrefetchFrame.HEAD_LENGTH;
            assertThat(PrefetchFrame.hit(answer, offset).output())
                    .isEqualTo(objects.get(i).output());
            offset += PrefetchFrame.HIT_LENGTH + objects.get(i).size();
        }
        assertThat(PrefetchFrame.kind(answer, offset)).isEqualTo(PrefetchFrame.END);
        assertThat(other.text("/actuator/expvar")).contains("\"get_fault_hit\":45");
    }

    @Test
    void whereTheBucketFailsTheRestGoesOn() throws Exception {
        TestObject object = TestObject.ofSize(1000);
        assertThat(other.put(object)).isEqualTo(204);
        await().until(() -> other.text("/actuator/expvar").contains("\"put_s3_action\":1"));
        s3.close();
        byte[] answer = prefetched(List.of(TestValues.action("not on disk"), object.action()));
        assertThat(PrefetchFrame.kind(answer, 0)).isEqualTo(PrefetchFrame.FAILED);
        assertThat(PrefetchFrame.kind(answer, PrefetchFrame.HEAD_LENGTH))
                .isEqualTo(PrefetchFrame.HIT);
        assertThat(PrefetchFrame.kind(answer, answer.length - PrefetchFrame.HEAD_LENGTH))
                .isEqualTo(PrefetchFrame.END);
    }

    @Test
    void aProfileWrittenToOneReplicaIsAnsweredByTheOther() throws Exception {
        note(one, "key", "a", "b");
        await().until(() -> names(other, "key").equals(actions("a", "b")));
        note(other, "key", "c");
        await().until(() -> names(one, "key").equals(actions("a", "b", "c")));
    }

    @Test
    void buildsThatEndAtOnceOnBothReplicasAreAllKept() throws Exception {
        Set<ActionId> all = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            note(one, "busy", "one " + i);
            note(other, "busy", "other " + i);
            all.addAll(actions("one " + i, "other " + i));
        }
        // Each replica sends what it has after each build; what the other one lacks follows with a
        // read.
        note(one, "busy", "last");
        all.addAll(actions("last"));
        await().until(() -> names(other, "busy").equals(all));
        await().until(() -> names(one, "busy").equals(all));
    }

    @Test
    void actionsThatOnlyTheBucketHasAreNotMissing() throws Exception {
        TestObject object = TestObject.ofSize(1000);
        assertThat(one.put(object)).isEqualTo(204);
        await().until(() -> one.text("/actuator/expvar").contains("\"put_s3_action\":1"));
        ActionId missing = TestValues.action("nobody has it");
        byte[] answer =
                other.post(
                                "/prefetch/used",
                                BuildMessages.end(
                                        "missing",
                                        UsedActions.encode(
                                                List.of(
                                                        new Use(object.action(), UsedActions.LOCAL),
                                                        new Use(missing, UsedActions.LOCAL)))))
                        .body();
        assertThat(answer).isEqualTo(ActionList.encode(List.of(missing)));
    }

    private RunningService replica(Path directory) {
        return RunningService.start(
                List.of(FreshProfiles.class),
                directory,
                RunningService.s3Properties(
                        s3.endpoint(),
                        "cache-server.s3.read-timeout=2s",
                        "cache-server.s3.drain-timeout=1s"));
    }

    /** The frames of what the other replica answers to the start of a build, the last of which used these. */
    private byte[] prefetched(List<ActionId> actions) throws Exception {
        note(other, "prefetched", actions);
        byte[] answer = other.post("/prefetch", BuildMessages.start("prefetched")).body();
        int list = Math.toIntExact(PrefetchFrame.listLength(answer));
        return Arrays.copyOfRange(answer, Integer.BYTES + list, answer.length);
    }

    private static void note(RunningService service, String key, String... actions)
            throws Exception {
        note(service, key, Stream.of(actions).map(TestValues::action).toList());
    }

    private static void note(RunningService service, String key, List<ActionId> actions)
            throws Exception {
        List<Use> uses = actions.stream().map(action -> new Use(action, UsedActions.HIT)).toList();
        assertThat(
                        service.post(
                                        "/prefetch/used",
                                        BuildMessages.end(key, UsedActions.encode(uses)))
                                .statusCode())
                .isEqualTo(200);
    }

    private static Set<ActionId> names(RunningService service, String key) throws Exception {
        var answer = service.post("/prefetch", BuildMessages.start(key));
        return answer.statusCode() == 200
                ? Set.copyOf(BuildMessages.listed(answer.body()))
                : Set.of();
    }

    private static Set<ActionId> actions(String... names) {
        Set<ActionId> actions = new HashSet<>();
        Stream.of(names).map(TestValues::action).forEach(actions::add);
        return actions;
    }
}
