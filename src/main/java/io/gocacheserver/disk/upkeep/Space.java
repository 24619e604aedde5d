package io.gocacheserver.disk.upkeep;

import io.gocacheserver.cache.tier.ReservingStream;
import io.gocacheserver.disk.index.NoRoomException;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How much the directory takes and may take. A writer reserves the space first, in steps as the bytes come ({@link
 * ReservingStream}), and waits for the evictor where there is too little; so the directory does not exceed its limit,
 * whatever comes in at the same time, and a client that announces much and sends little has little evicted.
 *
 * <p>The limit is {@code max-size}, or what the directory takes and the volume has left together where that is less, minus a
 * margin that keeps the index able to work on a full volume. A little below the limit is kept for the index's log, whose
 * growth nobody reserves. The high mark, 95 % of what remains, is where the evictor begins, the low mark, 90 %, where it
 * ends.
 */
public final class Space {

    private static final long MAX_SLACK_BYTES = 8L << 20;
    private static final long MIN_MARGIN_BYTES = 16L << 20;
    private static final long MAX_MARGIN_BYTES = 1L << 30;
    private static final long NEVER_NANOS = Duration.ofDays(1).toNanos();
    private static final long RETRY_NANOS = 1_000_000_000;
    private static final long SAMPLE_NANOS = 20_000_000;

    private final long maxSize;
    private final Measures measures;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong wanted = new AtomicLong();
    private final AtomicLong largestWanted = new AtomicLong();
    private final AtomicLong refusedAt;
    private final AtomicLong fruitlessAt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Sample sample;
    private volatile Runnable evictor = () -> {};
    private final AtomicLong fruitlessPasses = new AtomicLong();

    public interface Measures {
        /** What the blobs take. Costs nothing. */
        long blobs();

        long index();

        long volumeFree() throws IOException;

        long volumeSize() throws IOException;
    }

    /**
     * What is looked up now and then.
     *
     * @param limit what the directory may take
     * @param byVolume whether that is for want of space on the volume
     */
    public record Sample(long nanos, long index, long limit, long volumeFree, boolean byVolume) {}

    /** A promise of space, until it is closed. For one thread. */
    public final class Reservation implements ReservingStream.Reservation, AutoCloseable {

        private long held;

        private Reservation() {}

        @Override
        public void more(long bytes) throws NoRoomException {
            take(bytes);
            held += bytes;
        }

        @Override
        public void close() {
            release(held);
            held = 0;
        }
    }

    public Space(long maxSize, Measures measures, Duration patience, LongSupplier nanoTime) {
        this.maxSize = maxSize;
        this.measures = measures;
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.refusedAt = new AtomicLong(nanoTime.getAsLong() - NEVER_NANOS);
        this.fruitlessAt = new AtomicLong(refusedAt.get());
        this.sample = measure();
    }

    public void onShortage(Runnable wake) {
        evictor = wake;
    }

    public Reservation reserve(long bytes) throws NoRoomException {
        Reservation reservation = announced(bytes);
        reservation.more(bytes);
        return reservation;
    }

    /** Reserves nothing yet for what is announced, so that nothing is evicted for bytes that never come. */
    public Reservation announced(long bytes) throws NoRoomException {
        if (bytes > lowMark()) {
            throw sample().byVolume()
                    ? refusal(bytes)
                    : new NoRoomException(
                            "an object of %d bytes is too large for a directory that may take %d"
                                    .formatted(bytes, sample().limit()));
        }
        return new Reservation();
    }

    private void take(long bytes) throws NoRoomException {
        if (tryReserve(bytes)) {
            if (isToBeFreed() && nanoTime.getAsLong() - fruitlessAt.get() > RETRY_NANOS) {
                evictor.run();
            }
        } else {
            awaitRoom(bytes);
        }
    }

    /** What the directory takes, index included, without what is reserved. */
    public long directory() {
        return measures.blobs() + sample().index();
    }

    public Sample sample() {
        Sample last = sample;
        if (nanoTime.getAsLong() - last.nanos() < SAMPLE_NANOS) {
            return last;
        }
        Sample next = measure();
        sample = next;
        return next;
    }

    /**
     * Whether the directory is above its high mark. Where the volume is the limit, room is made only for Puts that wait for
     * it: otherwise other files on the volume would displace the whole cache.
     */
    boolean isToBeFreed() {
        return !sample().byVolume() && directory() + reserved.get() > ceiling() / 100 * 95;
    }

    long lowMark() {
        return ceiling() / 100 * 90;
    }

    /** Bytes that are reserved, and those that others wait for. */
    long demand() {
        // However many wait: room is made for the largest, and for some of the others.
        long waiting = Math.min(wanted.get(), Math.max(largestWanted.get(), ceiling() / 10));
        return reserved.get() + waiting;
    }

    boolean isShort() {
        return wanted.get() > 0;
    }

    public boolean hasRefused(Duration ago) {
        return nanoTime.getAsLong() - refusedAt.get() < ago.toNanos();
    }

    public void freed() {
        sample = measure();
        signal();
    }

    /** To be called by the evictor when there is nothing left that it may remove. */
    public void nothingLeft() {
        fruitlessPasses.incrementAndGet();
        fruitlessAt.set(nanoTime.getAsLong());
        signal();
    }

    private long ceiling() {
        return sample().limit() - Math.min(MAX_SLACK_BYTES, maxSize / 16);
    }

    private boolean tryReserve(long bytes) {
        long before = reserved.getAndAdd(bytes);
        if (directory() + before + bytes <= ceiling()) {
            return true;
        }
        reserved.addAndGet(-bytes);
        return false;
    }

    private void awaitRoom(long bytes) throws NoRoomException {
        long deadline = nanoTime.getAsLong() + patience.toNanos();
        long passes = fruitlessPasses.get();
        wanted.addAndGet(bytes);
        largestWanted.accumulateAndGet(bytes, Math::max);
        lock.lock();
        try {
            while (!tryReserve(bytes)) {
                evictor.run();
                long left = deadline - nanoTime.getAsLong();
                // The pass under way may have begun before; the one after it has not.
                if (left <= 0 || fruitlessPasses.get() > passes + 1) {
                    throw refusal(bytes);
                }
                long ignored = changed.awaitNanos(Math.min(left, SAMPLE_NANOS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoRoomException("interrupted while waiting for space");
        } finally {
            lock.unlock();
            if (wanted.addAndGet(-bytes) == 0) {
                largestWanted.set(0);
            }
        }
    }

    private NoRoomException refusal(long bytes) {
        refusedAt.set(nanoTime.getAsLong());
        Sample now = sample();
        String volume =
                now.byVolume()
                        ? ", since the volume has only %d left".formatted(now.volumeFree())
                        : "";
        return new NoRoomException(
                "no room for %d bytes: the directory takes %d and may take %d%s, and nothing more can be evicted now"
                        .formatted(bytes, directory(), now.limit(), volume));
    }

    private void release(long bytes) {
        reserved.addAndGet(-bytes);
        if (isShort()) {
            signal();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Sample measure() {
        long index = measures.index();
        try {
            long free = measures.volumeFree();
            long size = measures.volumeSize();
            long margin =
                    Math.min(Math.clamp(size / 50, MIN_MARGIN_BYTES, MAX_MARGIN_BYTES), size / 8);
            long byVolume = measures.blobs() + index + free - margin;
            return new Sample(
                    nanoTime.getAsLong(),
                    index,
                    Math.max(0, Math.min(maxSize, byVolume)),
                    free,
                    byVolume < maxSize);
        } catch (IOException e) {
            return new Sample(nanoTime.getAsLong(), index, maxSize, 0, false);
        }
    }
}
