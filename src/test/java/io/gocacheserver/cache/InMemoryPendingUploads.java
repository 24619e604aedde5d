package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Pending uploads in two maps, which can be told to fail. Everything is put at {@link #now}. */
public final class InMemoryPendingUploads implements PendingUploads {

    private record Waiting(Upload upload, Instant notBefore) {}

    private final TreeMap<Long, Waiting> bySequence = new TreeMap<>();
    private final Map<ActionKey, Long> byAction = new HashMap<>();
    private long lastSequence;
    public volatile Instant now = Instant.EPOCH;
    public volatile boolean fail;
    public volatile int largestRead;

    /** What a Put does. */
    public synchronized Upload add(Entry entry) {
        forget(entry.key());
        Upload upload = new Upload(entry, ++lastSequence, now, 0);
        bySequence.put(upload.sequence(), new Waiting(upload, Instant.MIN));
        byAction.put(entry.key(), upload.sequence());
        return upload;
    }

    synchronized void forget(ActionKey action) {
        Long sequence = byAction.remove(action);
        if (sequence != null) {
            bySequence.remove(sequence);
        }
    }

    /** All of them, oldest first. */
    public synchronized List<Upload> all() {
        return bySequence.values().stream().map(Waiting::upload).toList();
    }

    @Override
    public synchronized List<Upload> due(Instant time, int max) throws TierException {
        failIfTold();
        largestRead = Math.max(largestRead, max);
        return bySequence.values().stream()
                .filter(waiting -> !waiting.notBefore().isAfter(time))
                .sorted(Comparator.comparing(Waiting::notBefore)) // stable
                .limit(max)
                .map(Waiting::upload)
                .toList();
    }

    @Override
    public synchronized void remove(Upload upload) throws TierException {
        failIfTold();
        if (bySequence.remove(upload.sequence()) != null) {
            byAction.remove(upload.entry().key());
        }
    }

    @Override
    public synchronized void postpone(Upload upload, int attempts, Instant notBefore)
            throws TierException {
        failIfTold();
        Upload later = new Upload(upload.entry(), upload.sequence(), upload.since(), attempts);
        bySequence.computeIfPresent(
                upload.sequence(), (sequence, waiting) -> new Waiting(later, notBefore));
    }

    @Override
    public synchronized Backlog backlog() {
        return new Backlog(
                bySequence.size(),
                bySequence.isEmpty() ? null : bySequence.firstEntry().getValue().upload().since());
    }

    private void failIfTold() throws TierException {
        if (fail) {
            throw new TierException.LocalWrite("the index cannot be read or written", null);
        }
    }
}
