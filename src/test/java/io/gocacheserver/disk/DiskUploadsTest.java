package io.gocacheserver.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.PendingUploads.Backlog;
import io.gocacheserver.cache.tier.PurgeLog.Purge;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.Entry;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class DiskUploadsTest extends DiskFixture {

    @Test
    void whatIsToBeUploadedIsFoundInTheOrderOfItsPuts() throws Exception {
        TestObject first = putPending(TestObject.ofSize(10));
        clock.advance(Duration.ofSeconds(1));
        TestObject second = putPending(TestObject.ofSize(SIZE_OF_BLOB));
        put(TestObject.ofSize(10));
        List<Upload> due = disk.due(clock.instant(), 10);
        assertThat(due).extracting(Upload::entry).containsExactly(entry(first), entry(second));
        assertThat(due).extracting(Upload::attempts).containsOnly(0);
        assertThat(disk.due(clock.instant(), 1)).hasSize(1);
        assertThat(disk.backlog()).isEqualTo(new Backlog(2, millis(TIME)));
    }

    @Test
    void itSurvivesARestart() throws Exception {
        TestObject object = putPending(TestObject.ofSize(10));
        reopen();
        assertThat(disk.backlog()).isEqualTo(new Backlog(1, millis(TIME)));
        assertThat(disk.due(clock.instant(), 10))
                .extracting(Upload::entry)
                .containsExactly(entry(object));
    }

    @Test
    void whatIsDoneIsForgotten() throws Exception {
        putPending(TestObject.ofSize(10));
        disk.remove(theOnlyOne());
        assertThat(disk.due(clock.instant(), 10)).isEmpty();
        assertThat(disk.backlog()).isEqualTo(new Backlog(0, null));
        reopen();
        assertThat(disk.backlog()).isEqualTo(new Backlog(0, null));
    }

    @Test
    void whatIsPutOffComesWhenItsTimeHasCome() throws Exception {
        putPending(TestObject.ofSize(10));
        Instant later = clock.instant().plusSeconds(60);
        disk.postpone(theOnlyOne(), 3, later);
        assertThat(disk.due(clock.instant(), 10)).isEmpty();
        assertThat(disk.due(later, 10)).extracting(Upload::attempts).containsExactly(3);
        assertThat(disk.backlog().count()).isEqualTo(1);
    }

    @Test
    void aLaterPutOfTheSameActionTakesTheEarlierOnesPlace() throws Exception {
        TestObject object = putPending(TestObject.ofSize(10));
        Upload earlier = theOnlyOne();
        TestObject other = TestObject.ofSize(20);
        Entry replacement = new Entry(object.action(), other.output(), 20, TIME.plusSeconds(1));
        disk.put(replacement, other.stream(), true);
        disk.remove(earlier);
        disk.postpone(earlier, 1, clock.instant().plusSeconds(60));
        assertThat(theOnlyOne().entry()).isEqualTo(replacement);
        assertThat(disk.backlog().count()).isEqualTo(1);
    }

    @Test
    void anActionThatIsPutForAKnownObjectIsUploadedToo() throws Exception {
        TestObject object = TestObject.ofSize(10);
        disk.putObject(object.output(), object.size(), object.stream(), null);
        disk.putAction(entry(object), true);
        assertThat(theOnlyOne().entry()).isEqualTo(entry(object));
    }

    @Test
    void whatIsRemovedIsNotUploaded() throws Exception {
        TestObject object = putPending(TestObject.ofSize(10));
        TestObject blob = putPending(TestObject.ofSize(SIZE_OF_BLOB));
        assertThat(disk.remove(object.key()).objects()).containsExactly(object.output());
        assertThat(disk.remove(blob.output()).actions()).containsExactly(blob.key());
        assertThat(disk.backlog().count()).isZero();
        assertThat(disk.report().usage().objects()).isZero();
        assertThat(has(object)).isFalse();
        assertThat(has(blob)).isFalse();
        assertThat(disk.remove(object.key()).actions()).isEmpty();
    }

    @Test
    void purgesAreRememberedNewestFirst() throws Exception {
        Purge first =
                new Purge(millis(TIME), "alice", "10.0.0.1", "action", "abcd", null, 1, 1, "none");
        Purge second =
                new Purge(millis(TIME), "bob", "10.0.0.2", "output", "ef01", "wrong", 3, 1, "2");
        disk.add(first);
        disk.add(second);
        reopen();
        assertThat(disk.latest(10)).containsExactly(second, first);
        assertThat(disk.latest(1)).containsExactly(second);
    }

    private TestObject putPending(TestObject object) throws Exception {
        disk.put(entry(object), object.stream(), true);
        return object;
    }

    private Upload theOnlyOne() throws Exception {
        List<Upload> due = disk.due(clock.instant(), 10);
        assertThat(due).hasSize(1);
        return due.getFirst();
    }

    private static Instant millis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }
}
