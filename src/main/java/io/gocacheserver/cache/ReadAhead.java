package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.Lookup.Miss;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Looks many actions up, in their order, for one thread that takes one after the other. That thread looks up the actions that
 * the local tier has, a little ahead; other threads read the others from the remote tier, further ahead.
 *
 * <p>Ahead of the one that is taken next there are at most {@value #WINDOW} actions, some {@value #MEMORY_BYTES} bytes of
 * small objects in memory, and {@value #FAULTED_BYTES} bytes that were faulted in and not taken yet. A content that would
 * hold more memory, or a connection, is given up and read again when it is taken; there are such only while the local tier
 * cannot be written. When the remote tier has not answered a few times in a row, it is not asked any more: the actions that
 * it would have to be asked for fail too.
 */
public final class ReadAhead implements AutoCloseable {

    private static final int WINDOW = 256;
    private static final long MEMORY_BYTES = 256 * 1024;
    private static final long FAULTED_BYTES = 64 * 1024 * 1024;
    private static final int MAX_OUTAGES = 3;

    private final BuildCache cache;
    private final Access access;
    private final IntFunction<ActionId> actions;
    private final int count;
    private final Faults faults;
    private final Semaphore permits;
    private final Deque<Slot> window = new ArrayDeque<>();
    private final AtomicLong faulted = new AtomicLong();
    private final AtomicInteger outages = new AtomicInteger();
    private final AtomicLong memory = new AtomicLong();
    private int next;
    private volatile boolean closed;

    public sealed interface Answer {

        /** The cache has it; its content is to be opened and closed, or discarded. */
        record Found(Hit hit) implements Answer {}

        record Absent() implements Answer {}

        /** The cache cannot say, or cannot read it. */
        record Failed(String reason) implements Answer {}
    }

    /**
     * How the remote tier is read.
     *
     * @param perRequest reads at once for one {@link ReadAhead}
     * @param all reads at once for all of them
     */
    public record Faults(int perRequest, Semaphore all) {}

    /** Small contents are kept while there is memory; others are remembered by the fact that they were there. */
    private record Fault(@Nullable Answer answer, long bytes, long memory) {

        static Fault failed(String reason) {
            return new Fault(new Answer.Failed(reason), 0, 0);
        }
    }

    private record Slot(
            ActionId action,
            @Nullable Answer answer,
            @Nullable CompletableFuture<Fault> fault,
            long memory) {}

    public ReadAhead(
            BuildCache cache,
            Access access,
            IntFunction<ActionId> actions,
            int count,
            Faults faults) {
        this.cache = cache;
        this.access = access;
        this.actions = actions;
        this.count = count;
        this.faults = faults;
        this.permits = new Semaphore(faults.perRequest());
    }

    /** Whether the next one can be taken without waiting. */
    public boolean isReady() {
        fill();
        Slot first = window.peek();
        return first == null || first.fault() == null || first.fault().isDone();
    }

    /** The next one, of which there must be one; waits for it. */
    public Answer take() throws InterruptedException {
        fill();
        Slot slot = window.remove();
        memory.addAndGet(-slot.memory());
        if (slot.answer() != null) {
            return slot.answer();
        }
        if (slot.fault() == null) {
            throw new IllegalStateException("nothing was asked for " + slot.action());
        }
        Fault fault = result(slot.fault());
        faulted.addAndGet(-fault.bytes());
        memory.addAndGet(-fault.memory());
        return fault.answer() != null ? fault.answer() : again(slot.action());
    }

    /** The same one again, where its content has turned out not to be readable. */
    public Answer again(ActionId action) {
        try {
            return answer(cache.get(access, action));
        } catch (TierException | RuntimeException e) {
            return new Answer.Failed(String.valueOf(e.getMessage()));
        }
    }

    /** Reads that have begun are not cancelled: other requests may use what they bring. */
    @Override
    public void close() {
        closed = true;
    }

    private void fill() {
        while (next < count
                && (window.isEmpty()
                        || (window.size() < WINDOW
                                && memory.get() < MEMORY_BYTES
                                && faulted.get() < FAULTED_BYTES))) {
            window.add(look(actions.apply(next)));
            next++;
        }
    }

    private Slot look(ActionId action) {
        Optional<Lookup> lookup;
        try {
            lookup = cache.getAtOnce(access, action);
        } catch (TierException | RuntimeException e) {
            return new Slot(action, new Answer.Failed(String.valueOf(e.getMessage())), null, 0);
        }
        if (lookup.isEmpty()) {
            CompletableFuture<Fault> fault = new CompletableFuture<>();
            Thread.ofVirtual().name("bulk-fault").start(() -> fault.complete(fault(action)));
            return new Slot(action, null, fault, 0);
        }
        Answer answer = answer(lookup.get());
        long bytes = inMemory(answer);
        memory.addAndGet(bytes);
        return new Slot(action, answer, null, bytes);
    }

    private Fault fault(ActionId action) {
        permits.acquireUninterruptibly();
        try {
            faults.all().acquireUninterruptibly();
            try {
                return read(action);
            } finally {
                faults.all().release();
            }
        } finally {
            permits.release();
        }
    }

    private Fault read(ActionId action) {
        if (closed || outages.get() >= MAX_OUTAGES) {
            return Fault.failed("S3 does not answer");
        }
        try {
            Answer answer = answer(cache.get(access, action));
            outages.set(0);
            long bytes = answer instanceof Answer.Found found ? found.hit().entry().size() : 0;
            faulted.addAndGet(bytes);
            long held = inMemory(answer);
            if (memory.addAndGet(held) > MEMORY_BYTES && held > 0) {
                memory.addAndGet(-held);
                return new Fault(null, bytes, 0);
            }
            return new Fault(isKept(answer) ? answer : null, bytes, held);
        } catch (TierException | RuntimeException e) {
            if (e instanceof TierException.Remote remote && remote.isOutage()) {
                outages.incrementAndGet();
            }
            return Fault.failed(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isKept(Answer answer) {
        if (!(answer instanceof Answer.Found(Hit hit))) {
            return true;
        }
        return switch (hit.content()) {
            case Content.InFile file -> true;
            case Content.InMemory memory -> true;
            case Content.Streamed streamed -> {
                streamed.discard();
                yield false;
            }
        };
    }

    private static long inMemory(Answer answer) {
        return answer instanceof Answer.Found(Hit hit)
                        && hit.content() instanceof Content.InMemory memory
                ? memory.storedSize()
                : 0;
    }

    private static Answer answer(Lookup lookup) {
        return switch (lookup) {
            case Hit hit -> new Answer.Found(hit);
            case Miss miss -> new Answer.Absent();
        };
    }

    private static Fault result(CompletableFuture<Fault> fault) throws InterruptedException {
        try {
            return fault.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
