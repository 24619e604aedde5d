package io.gocacheserver.cache;

import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An object on its way into a tier: counts and hashes the bytes as they pass, once. The read that meets the end of the
 * stream returns -1 only if length and SHA-256 are those that were announced; else it throws {@link
 * ObjectMismatchException}. A failure of the source itself becomes an {@link ObjectSourceException}, so that whoever
 * copies can tell a broken source from a broken destination.
 */
final class VerifiedStream extends InputStream {

    private final InputStream source;
    private final OutputId output;
    private final long size;
    private final MessageDigest sha256 = digest("SHA-256");
    private long count;
    private boolean verified;

    VerifiedStream(InputStream source, OutputId output, long size) {
        this.source = source;
        this.output = output;
        this.size = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0 || verified) {
            return length == 0 ? 0 : -1;
        }
        int n = readSource(buffer, offset, length);
        if (n < 0) {
            verify();
            return -1;
        }
        count += n;
        if (count > size) {
            throw new ObjectMismatchException(
                    "object %s has more than the announced %d bytes".formatted(output, size));
        }
        sha256.update(buffer, offset, n);
        return n;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private int readSource(byte[] buffer, int offset, int length) throws ObjectSourceException {
        try {
            return source.read(buffer, offset, length);
        } catch (IOException e) {
            throw new ObjectSourceException(
                    "object %s broke off after %d of %d bytes: %s"
                            .formatted(output, count, size, e.getMessage()),
                    e);
        }
    }

    private void verify() throws ObjectMismatchException {
        if (count != size) {
            throw new ObjectMismatchException(
                    "object %s has %d bytes, not the announced %d".formatted(output, count, size));
        }
        String actual = HexFormat.of().formatHex(sha256.digest());
        if (!actual.equals(output.hex())) {
            throw new ObjectMismatchException(
                    "object was announced as %s, but its SHA-256 is %s".formatted(output, actual));
        }
        verified = true;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has " + algorithm, e);
        }
    }
}
