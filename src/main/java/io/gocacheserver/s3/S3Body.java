package io.gocacheserver.s3;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.FilterInputStream;
import java.io.IOException;

/**
 * The body of an S3 answer. Its failures are {@link IOException}s, also those of the SDK; closing it before its end gives the
 * connection up, rather than reading what is left.
 */
final class S3Body extends FilterInputStream {

    private final ResponseInputStream<?> response;
    private boolean ended;

    S3Body(ResponseInputStream<?> response) {
        super(response);
        this.response = response;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int n = response.read(buffer, offset, length);
            ended |= n < 0;
            return n;
        } catch (SdkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            response.close();
        } else {
            response.abort();
        }
    }
}
