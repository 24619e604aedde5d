package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * An object on its way into a tier or to a client: counts and hashes the bytes as they pass. The read that would return the
 * last announced byte throws {@link ObjectMismatchException} instead if length or SHA-256 are not those that were announced,
 * or if the source has more: so the whole of a wrong object is never passed on. A failure of the source itself is an {@link
 * ObjectSourceException}, to be told from one of the destination.
 */
final class VerifiedStream extends InputStream implements Coding.Body {

    private final InputStream source;
    private final OutputId output;
    private final long size;
    private final MessageDigest sha256 = Digests.sha256();
    private long count;
    private boolean verified;
    private @Nullable ObjectMismatchException failure;

    VerifiedStream(InputStream source, OutputId output, long size) {
        this.source = source;
        this.output = output;
        this.size = size;
    }

    @Override
    public boolean copyFrameTo(OutputStream copy) {
        return Coding.Body.copyFrame(source, copy);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (failure != null) {
            throw failure;
        }
        if (count == size) {
            verifyOnce(); // nothing has done so yet only where the object is empty
            return -1;
        }
        int n = readSource(buffer, offset, (int) Math.min(length, size - count));
        if (n < 0) {
            throw mismatch(
                    "object %s has %d bytes, not the announced %d".formatted(output, count, size));
        }
        count += n;
        sha256.update(buffer, offset, n);
        if (count == size) {
            verifyOnce();
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private int readSource(byte[] buffer, int offset, int length) throws ObjectSourceException {
        try {
            return source.read(buffer, offset, length);
        } catch (ObjectMismatchException e) {
            failure = e;
            throw e;
        } catch (IOException e) {
            throw new ObjectSourceException(
                    "object %s broke off after %d of %d bytes: %s"
                            .formatted(output, count, size, e.getMessage()),
                    e);
        }
    }

    private void verifyOnce() throws ObjectSourceException {
        if (verified) {
            return;
        }
        if (readSource(new byte[1], 0, 1) > 0) {
            throw mismatch(
                    "object %s has more than the announced %d bytes".formatted(output, size));
        }
        String actual = HexFormat.of().formatHex(sha256.digest());
        if (!actual.equals(output.hex())) {
            throw mismatch(
                    "object was announced as %s, but its SHA-256 is %s".formatted(output, actual));
        }
        verified = true;
    }

    private ObjectMismatchException mismatch(String message) {
        failure = new ObjectMismatchException(message);
        return failure;
    }
}
