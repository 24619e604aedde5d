package io.gocacheserver.disk.blobs;

import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Keeps blobs from being deleted between the moment when a request finds one and the moment when it has opened it, which
 * is shortly after; an open file can be read to its end whatever becomes of its name. A request takes a lease of
 * a few seconds first, and looks whether the file is there second; a deletion and the taking of a lease exclude each other.
 */
public final class Leases {

    private static final long NANOS = 5_000_000_000L;

    private final Map<OutputId, Long> until = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /**
     * @param nanoTime a clock that only moves forward, in nanoseconds
     */
    public Leases(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public void take(OutputId output) {
        until.put(output, nanoTime.getAsLong() + NANOS);
    }

    void end(OutputId output) {
        until.remove(output);
    }

    boolean isHeld(OutputId output) {
        Long end = until.get(output);
        return end != null && end - nanoTime.getAsLong() > 0;
    }

    /**
     * Deletes a blob unless there is a lease.
     *
     * @return false if there is one
     */
    boolean deleteUnlessHeld(OutputId output, Path blob) throws IOException {
        IOException[] failure = new IOException[1];
        Long held =
                until.compute(
                        output,
                        (key, end) -> {
                            if (end != null && end - nanoTime.getAsLong() > 0) {
                                return end;
                            }
                            try {
                                Files.deleteIfExists(blob);
                            } catch (IOException e) {
                                failure[0] = e;
                            }
                            return null;
                        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return held == null;
    }

    /** Forgets leases that are over. */
    public void tidy() {
        long now = nanoTime.getAsLong();
        until.values().removeIf(end -> end - now <= 0);
    }
}
