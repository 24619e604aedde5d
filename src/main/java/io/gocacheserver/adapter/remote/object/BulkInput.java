package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.http.ByteSource;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** The stream of frames that answers a bulk read, and within it one object at a time, which ends where its frame ends. */
final class BulkInput implements ByteSource {

    private final ByteSource body;
    private final BulkReceiver receiver;
    private final byte[] scrap = new byte[4096];
    private long objectLeft;
    private long total;

    /** @param receiver is told of an object's bytes */
    BulkInput(ByteSource body, BulkReceiver receiver) {
        this.body = body;
        this.receiver = receiver;
    }

    /** Reads exactly {@code length} bytes that are not an object's. */
    void readFully(byte[] target, int length) throws IOException {
        body.fill(target, length);
        total += length;
    }

    /** The next {@code length} bytes are an object. */
    void beginObject(long length) {
        objectLeft = length;
    }

    /** Reads some of the object. */
    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (objectLeft == 0) {
            return -1;
        }
        int count = body.read(target, from, (int) Math.min(length, objectLeft));
        if (count < 0) {
            throw new EOFException("the service's answer ended within an object");
        }
        objectLeft -= count;
        total += count;
        receiver.came(count);
        return count;
    }

    @Override
    public void requireTime() throws SocketTimeoutException {
        body.requireTime();
    }

    /** Skips what is left of the object. */
    void endObject() throws IOException {
        while (objectLeft > 0) {
            int count = read(scrap, 0, scrap.length);
            assert count > 0;
        }
    }

    /** Bytes read so far. */
    long total() {
        return total;
    }
}
