package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionId;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Looks many actions up, in their order, for one thread that takes one after the other. That thread looks up the actions that
 * the local tier has, a little ahead; other threads read the others from the remote tier.
 *
 * <p>Ahead of the one that is taken next there are at most {@value #WINDOW} actions, and some {@value #MEMORY_BYTES} bytes of
 * small objects in memory. A content that would hold more memory, or a connection, is given up and read again when it is
 * taken; there are such only while the local tier cannot be written.
 */
public final class ReadAhead implements AutoCloseable {

    private static final int WINDOW = 256;
    private static final long MEMORY_BYTES = 256 * 1024;

    private final BuildCache cache;
    private final Access access;
    private final IntFunction<ActionId> actions;
    private final int count;
    private final Faults faults;
    private final Semaphore permits;
    private final Deque<Slot> window = new ArrayDeque<>();
    private final AtomicLong memory = new AtomicLong();
    private int next;
    private volatile boolean closed;

    public sealed interface Answer {

        /** The content of a hit is to be opened and closed, or discarded. */
        record Done(Lookup lookup) implements Answer {}

        record Failed(String reason) implements Answer {}
    }

    /**
     * How the remote tier is read.
     *
     * @param perRequest reads at once for one {@link ReadAhead}
     * @param all reads at once for all of them
     */
    public record Faults(int perRequest, Semaphore all) {}

    /**
     * @param kept nothing if it was given up
     */
    private record Slot(ActionId action, CompletableFuture<Optional<Answer>> kept) {}

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

    public boolean isReady() {
        fill();
        Slot first = window.peek();
        return first == null || first.kept().isDone();
    }

    /** The next one, of which there must be one; waits for it. */
    public Answer take() throws InterruptedException {
        fill();
        Slot slot = window.remove();
        try {
            Optional<Answer> kept = slot.kept().get();
            memory.addAndGet(-kept.map(ReadAhead::inMemory).orElse(0L));
            return kept.orElseGet(() -> read(slot.action()));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Answer read(ActionId action) {
        try {
            return new Answer.Done(cache.get(access, action));
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
                && (window.isEmpty() || (window.size() < WINDOW && memory.get() < MEMORY_BYTES))) {
            ActionId action = actions.apply(next);
            window.add(new Slot(action, look(action)));
            next++;
        }
    }

    private CompletableFuture<Optional<Answer>> look(ActionId action) {
        Answer answer;
        try {
            Optional<Lookup> lookup = cache.getAtOnce(access, action);
            if (lookup.isEmpty()) {
                CompletableFuture<Optional<Answer>> fault = new CompletableFuture<>();
                Thread.ofVirtual().name("read-ahead").start(() -> fault.complete(fault(action)));
                return fault;
            }
            answer = new Answer.Done(lookup.get());
        } catch (TierException | RuntimeException e) {
            answer = new Answer.Failed(String.valueOf(e.getMessage()));
        }
        memory.addAndGet(inMemory(answer));
        return CompletableFuture.completedFuture(Optional.of(answer));
    }

    private Optional<Answer> fault(ActionId action) {
        permits.acquireUninterruptibly();
        faults.all().acquireUninterruptibly();
        try {
            return closed ? Optional.of(new Answer.Failed("the read is over")) : keep(read(action));
        } finally {
            faults.all().release();
            permits.release();
        }
    }

    private Optional<Answer> keep(Answer answer) {
        long held = inMemory(answer);
        if (memory.addAndGet(held) > MEMORY_BYTES && held > 0) {
            memory.addAndGet(-held);
            return Optional.empty();
        }
        if (answer instanceof Answer.Done(Hit(_, Content.Streamed streamed, _))) {
            streamed.discard();
            return Optional.empty();
        }
        return Optional.of(answer);
    }

    private static long inMemory(Answer answer) {
        return answer instanceof Answer.Done(Hit(_, Content.InMemory content, _))
                ? content.storedSize()
                : 0;
    }
}
