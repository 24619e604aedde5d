package io.gocacheserver.disk.upkeep;

import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.cache.tier.StoreReport.Scrub;
import io.gocacheserver.disk.blobs.ObjectCheck.Pace;
import io.gocacheserver.disk.blobs.StoredContents;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexNotes.Note;
import io.gocacheserver.disk.index.IndexReader;
import io.gocacheserver.disk.index.IndexedObject;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Hashes all objects again, in the order of their rows, at a bounded rate, and removes those that are damaged. Its position
 * is noted now and then, so that a restart resumes there. A pass ends at the row that was the last when it began.
 */
public final class Scrubber {

    private static final Logger log = LoggerFactory.getLogger(Scrubber.class);
    private static final int BATCH_SIZE = 32;
    private static final int BATCHES_PER_NOTE = 32;
    private static final long MIN_COUNTED_BYTES = 4096;

    private final Index index;
    private final StoredContents contents;
    private final Duration interval;
    private final InstantSource clock;
    private final LongAdder objects = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile boolean running;
    private volatile double progress;
    private volatile OptionalLong completed = OptionalLong.empty();

    public Scrubber(Index index, StoredContents contents, Duration interval, InstantSource clock) {
        this.index = index;
        this.contents = contents;
        this.interval = interval;
        this.clock = clock;
    }

    public Scrub report() {
        OptionalLong end = completed;
        return new Scrub(
                running,
                progress,
                objects.sum(),
                bytes.sum(),
                end.isPresent() ? Instant.ofEpochSecond(end.getAsLong()) : null);
    }

    boolean isDue() throws SQLException {
        completed = index.change(writer -> writer.notes().get(Note.SCRUB_COMPLETED));
        return position() > 0
                || completed.isEmpty()
                || completed.getAsLong() + interval.toSeconds() <= now();
    }

    void pass(boolean fromStart, Pace<InterruptedException> pace)
            throws SQLException, InterruptedException {
        long position = fromStart ? 0 : position();
        long last = index.read(IndexReader::lastObject);
        running = true;
        try {
            for (int batches = 1; position < last; batches++) {
                progress = (double) position / last;
                long after = position;
                List<IndexedObject> batch =
                        index.read(reader -> reader.objectsAfter(after, BATCH_SIZE));
                if (batch.isEmpty()) {
                    break;
                }
                for (IndexedObject object : batch) {
                    check(object, pace);
                    position = object.id();
                }
                if (batches % BATCHES_PER_NOTE == 0) {
                    index.note(Note.SCRUB_POSITION, position);
                }
            }
            index.note(Note.SCRUB_POSITION, 0);
            index.note(Note.SCRUB_COMPLETED, now());
            completed = OptionalLong.of(now());
        } finally {
            running = false;
            progress = 0;
        }
    }

    private void check(IndexedObject object, Pace<InterruptedException> pace)
            throws SQLException, InterruptedException {
        try {
            contents.check(object, FoundBy.SCRUB, pace);
        } catch (IOException e) {
            log.warn("[disk] scrub: object {} cannot be read: {}", object.output(), e.toString());
        }
        objects.increment();
        bytes.add(object.stored());
        pace.read(MIN_COUNTED_BYTES);
    }

    private long position() throws SQLException {
        return index.change(writer -> writer.notes().get(Note.SCRUB_POSITION)).orElse(0);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
