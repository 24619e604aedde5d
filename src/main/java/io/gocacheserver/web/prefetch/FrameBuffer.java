package io.gocacheserver.web.prefetch;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongSupplier;

/**
 * Gathers frames, so that many small ones are one write. Bytes since a mark can be taken back as long as they were not
 * written.
 */
final class FrameBuffer {

    private static final int SIZE = 64 * 1024;

    private final OutputStream out;
    private final LongSupplier nanoTime;
    private final long deadline;
    private final byte[] bytes = new byte[SIZE];
    private int length;
    private long written;

    /**
     * @param deadline time of {@code nanoTime} after which nothing is written any more
     */
    FrameBuffer(OutputStream out, LongSupplier nanoTime, long deadline) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.deadline = deadline;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The offset of the next byte. */
    int position() {
        return length;
    }

    /** Makes room for this many bytes, which are fewer than the buffer has. */
    void require(int room) throws IOException {
        if (SIZE - length < room) {
            write();
        }
    }

    /** The number of bytes that fit, one at least. */
    int room() throws IOException {
        if (length == SIZE) {
            write();
        }
        return SIZE - length;
    }

    /** So many bytes have been put. */
    void advance(int count) {
        length += count;
    }

    /** Puts bytes, of any number. */
    void put(byte[] source) throws IOException {
        int offset = 0;
        while (offset < source.length) {
            int n = Math.min(room(), source.length - offset);
            System.arraycopy(source, offset, bytes, length, n);
            length += n;
            offset += n;
        }
    }

    /** The place that has been reached. */
    long mark() {
        return written + length;
    }

    /**
     * Takes back what was put since a mark.
     *
     * @return false if some of it has been written already; nothing is taken back
     */
    boolean takeBack(long mark) {
        if (mark < written) {
            return false;
        }
        length = (int) (mark - written);
        return true;
    }

    /** Sends what there is, and waits until the network has taken it. */
    void flush() throws IOException {
        if (length > 0) {
            write();
        }
        out.flush();
    }

    private void write() throws IOException {
        if (nanoTime.getAsLong() - deadline > 0) {
            throw new IOException("the client took too long");
        }
        out.write(bytes, 0, length);
        written += length;
        length = 0;
    }
}
