package io.gocacheserver.cache;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue that only notes what it is asked. */
public final class RecordingUploadQueue implements UploadQueue {

    public final List<Entry> admitted = new CopyOnWriteArrayList<>();
    public final AtomicInteger wakes = new AtomicInteger();
    public final List<String> waits = new CopyOnWriteArrayList<>();
    public volatile boolean full;
    public volatile boolean stuck;

    @Override
    public boolean admit(Entry entry) {
        if (!full) {
            admitted.add(entry);
        }
        return !full;
    }

    @Override
    public void wake() {
        wakes.incrementAndGet();
    }

    @Override
    public boolean awaitNotRunning(ActionKey action, Duration timeout) {
        waits.add("action " + action);
        return !stuck;
    }

    @Override
    public boolean awaitNotRunning(OutputId output, Duration timeout) {
        waits.add("output " + output);
        return !stuck;
    }

    @Override
    public Statistics statistics() {
        return new Statistics(admitted.size(), 0, Duration.ZERO, 0, 0, 0, 0, 0, 0, false, null);
    }
}
