package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.connection.Connection;
import io.gocacheserver.adapter.http.connection.HttpException;

import java.io.IOException;

/** A body in chunks (RFC 9112, 7.1). Extensions and a few trailers are skipped. */
final class ChunkedBody implements ResponseBody {

    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_TRAILERS = 64;

    private final Connection connection;
    private long remaining;
    private boolean started;
    private boolean ended;

    ChunkedBody(Connection connection) {
        this.connection = connection;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (remaining == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = connection.read(target, from, (int) Math.min(length, remaining));
        if (count < 0) {
            throw malformed();
        }
        remaining -= count;
        return count;
    }

    @Override
    public boolean atEnd() {
        return ended;
    }

    private void nextChunk() throws IOException {
        if (started && skipLine() != 0) {
            throw malformed();
        }
        started = true;
        remaining = readSize();
        if (remaining == 0) {
            for (int trailers = 0; skipLine() > 0; trailers++) {
                if (trailers == MAX_TRAILERS) {
                    throw malformed();
                }
            }
            ended = true;
        }
    }

    private long readSize() throws IOException {
        long size = 0;
        int digits = 0;
        int b = connection.read();
        for (int digit = Character.digit(b, 16); digit >= 0; digit = Character.digit(b, 16)) {
            size = size << 4 | digit;
            if (++digits > MAX_SIZE_DIGITS) {
                throw malformed();
            }
            b = connection.read();
        }
        if (digits == 0) {
            throw malformed();
        }
        if (b != '\r') {
            skipLine();
        } else if (connection.read() != '\n') {
            throw malformed();
        }
        return size;
    }

    /** Reads to the end of the line; how many bytes came before it. */
    private int skipLine() throws IOException {
        for (int count = 0; count < MAX_LINE_BYTES; count++) {
            int b = connection.read();
            if (b == '\r' && connection.read() == '\n') {
                return count;
            }
            if (b < 0) {
                break;
            }
        }
        throw malformed();
    }

    private static HttpException malformed() {
        return new HttpException("the service sent a malformed chunked body");
    }
}
