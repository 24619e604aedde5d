package io.gocacheserver.cache.tier;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A body for whose bytes space is reserved when they have come: for a step more than there are, and never for more than are
 * announced.
 */
public final class ReservingStream extends FilterInputStream implements Coding.Body {

    private static final long STEP = 1 << 20;

    /** A promise of space, which can grow. */
    public interface Reservation {
        void more(long bytes) throws IOException;
    }

    private final Reservation reservation;
    private final long announced;
    private long come;
    private long reserved;

    /**
     * @param announced how many bytes the body is said to have
     */
    public ReservingStream(InputStream body, Reservation reservation, long announced) {
        super(body);
        this.reservation = reservation;
        this.announced = announced;
    }

    @Override
    public boolean copyFrameTo(OutputStream copy) {
        return Coding.Body.copyFrame(in, copy);
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            reserve(1);
        }
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        reserve(Math.max(0, count));
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        reserve(skipped);
        return skipped;
    }

    private void reserve(long count) throws IOException {
        come += count;
        if (come > reserved) {
            long wanted = Math.max(come, Math.min(announced, come + STEP)) - reserved;
            reservation.more(wanted);
            reserved += wanted;
        }
    }
}
