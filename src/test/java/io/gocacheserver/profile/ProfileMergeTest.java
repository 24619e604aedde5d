package io.gocacheserver.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.BuildProfile.Build;
import io.gocacheserver.wire.BuildProfile.Use;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

class ProfileMergeTest {

    private static final long NOW = 1_800_000_000_000L;

    private final LocalProfiles.Merging merging =
            new LocalProfiles.Merging(3, Duration.ofDays(14), 5);

    @Test
    void theLaterBuildsOrderComesFirstWhateverIsMergedIntoWhat() {
        BuildProfile earlier = build(NOW - 2, "a", "b", "c");
        BuildProfile later = build(NOW - 1, "d", "b");
        BuildProfile merged = merging.merge(earlier, later, NOW);
        assertThat(outline(merged)).containsExactly("d 0", "b 0", "a 1", "c 1");
        assertThat(merging.merge(later, earlier, NOW).encoded()).isEqualTo(merged.encoded());
    }

    @Test
    void mergingAgainChangesNothing() {
        BuildProfile one = build(NOW - 2, "a", "b");
        BuildProfile merged = merging.merge(one, build(NOW - 1, "c"), NOW);
        assertThat(merging.merge(merged, one, NOW).encoded()).isEqualTo(merged.encoded());
        assertThat(merging.merge(merged, merged, NOW).encoded()).isEqualTo(merged.encoded());
    }

    @Test
    void buildsAtTheSameMomentAreTwo() {
        BuildProfile merged = merging.merge(build(NOW, "a"), build(NOW, "b"), NOW);
        assertThat(merged.builds()).hasSize(2);
        assertThat(merged.size()).isEqualTo(2);
    }

    @Test
    void anActionGoesWhenTheLastBuildsDidNotUseIt() {
        BuildProfile merged = build(NOW - 9, "old", "used");
        for (int i = 8; i > 5; i--) {
            merged = merging.merge(merged, build(NOW - i, "used"), NOW);
        }
        assertThat(outline(merged)).containsExactly("used 0");
    }

    @Test
    void anActionGoesWhenItWasNotUsedForLong() {
        long longAgo = NOW - Duration.ofDays(15).toMillis();
        BuildProfile merged = merging.merge(build(longAgo, "old"), build(NOW, "new"), NOW);
        assertThat(outline(merged)).containsExactly("new 0");
    }

    @Test
    void buildsFromTheFutureGiveWayToThoseOfNow() {
        long future = NOW + Duration.ofDays(60).toMillis();
        BuildProfile merged = build(future, "old");
        for (int i = 1; i < 3; i++) {
            merged = merging.merge(merged, build(future + i, "old", "used"), future);
        }
        for (int i = 0; i < 3; i++) {
            merged = merging.merge(merged, build(NOW + i, "new", "used"), NOW + i);
            assertThat(outline(merged)).startsWith("new 0", "used 0");
        }
        assertThat(outline(merged)).containsExactly("new 0", "used 0");
    }

    @Test
    void thereAreNoMoreActionsThanAllowedAndTheOldestGo() {
        BuildProfile merged =
                merging.merge(build(NOW - 1, "a", "b", "c"), build(NOW, "d", "e", "f"), NOW);
        assertThat(outline(merged)).containsExactly("d 0", "e 0", "f 0", "a 1", "b 1");
    }

    @Test
    void idsOfAnotherLengthReplaceTheOldOnes() {
        BuildProfile other =
                BuildProfile.of(
                        2, List.of(new Build(NOW, 7)), List.of(new Use(new ActionId("abcd"), 0)));
        assertThat(merging.merge(build(NOW - 1, "a"), other, NOW).action(0))
                .isEqualTo(new ActionId("abcd"));
    }

    private static BuildProfile build(long millis, String... actions) {
        return BuildProfile.of(
                32,
                List.of(new Build(millis, Arrays.hashCode(actions))),
                Arrays.stream(actions)
                        .map(action -> new Use(TestValues.action(action), 0))
                        .toList());
    }

    /** Each action's name and build. */
    private static List<String> outline(BuildProfile profile) {
        List<String> names = List.of("a", "b", "c", "d", "e", "f", "old", "used", "new");
        return IntStream.range(0, profile.size())
                .mapToObj(
                        i ->
                                names.stream()
                                                .filter(
                                                        name ->
                                                                TestValues.action(name)
                                                                        .equals(profile.action(i)))
                                                .findFirst()
                                                .orElseThrow()
                                        + " "
                                        + profile.build(i))
                .toList();
    }
}
