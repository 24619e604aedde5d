package io.gocacheserver.adapter.session;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.RemoteCache;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.model.ActionId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

class UploaderTest {

    private final Tally tally = new Tally();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private UploadResult answer = new UploadResult.Stored(10);

    private final Uploader uploader = new Uploader(new Remote(), waiting::add, 10, tally);

    @Test
    void tellsWhatRemainsWhileItDrains() {
        List<String> progress = new CopyOnWriteArrayList<>();
        uploader.submit(upload("a", "1234"));
        uploader.submit(upload("b", "56"));

        int undone =
                uploader.drain(
                        Duration.ofSeconds(20),
                        (objects, size) -> {
                            progress.add(objects + " objects, " + size + " bytes");
                            waiting.remove().run();
                        });

        assertThat(undone).isZero();
        assertThat(progress).containsExactly("2 objects, 6 bytes", "1 objects, 2 bytes");
    }

    @Test
    void sendsNothingAfterTheDrain() {
        uploader.submit(upload("a", "1234"));
        assertThat(uploader.drain(Duration.ZERO)).isOne();
        waiting.remove().run();

        assertThat(tally.get(Count.UPLOADS)).isEqualTo(0);
    }

    @Test
    void countsBytesOnlyOfWhatWasSent() {
        answer = new UploadResult.AlreadyThere();
        uploader.submit(upload("a", "1234"));
        waiting.remove().run();

        assertThat(tally.get(Count.UPLOADS)).isEqualTo(1);
        assertThat(tally.get(Count.BYTES_UPLOADED)).isZero();
    }

    @Test
    void countsNothingWhereNothingIsWanted() {
        answer = new UploadResult.NotWanted();
        uploader.submit(upload("a", "1234"));
        waiting.remove().run();

        assertThat(tally.get(Count.UPLOADS)).isEqualTo(0);
        assertThat(tally.get(Count.UPLOADS_SKIPPED)).isEqualTo(0);
    }

    @Test
    void dropsWhatTheSharedQueueDoesNotTake() {
        Uploader full =
                new Uploader(
                        new Remote(),
                        task -> {
                            throw new RejectedExecutionException();
                        },
                        10,
                        tally);
        full.submit(upload("a", "1234"));

        assertThat(tally.get(Count.UPLOADS_DROPPED)).isEqualTo(1);
        assertThat(full.drain(Duration.ofSeconds(20))).isZero();
    }

    private static Upload upload(String name, String content) {
        byte[] object = bytes(content);
        return new Upload(action(name), output(object), object.length, "/" + name);
    }

    private final class Remote implements RemoteCache {

        @Override
        public FetchResult fetch(ActionId action) {
            return new FetchResult.Miss();
        }

        @Override
        public UploadResult upload(Upload upload) {
            return answer;
        }
    }
}
