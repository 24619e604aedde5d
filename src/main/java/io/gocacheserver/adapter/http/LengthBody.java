package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.connection.Connection;
import io.gocacheserver.adapter.http.connection.HttpException;

import java.io.IOException;

/** A body of a known length, 0 included. */
final class LengthBody implements ResponseBody {

    private final Connection connection;
    private final long total;
    private long remaining;

    LengthBody(Connection connection, long total) {
        this.connection = connection;
        this.total = total;
        this.remaining = total;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int count = connection.read(target, from, (int) Math.min(length, remaining));
        if (count < 0) {
            throw new HttpException(
                    "the service closed the connection after "
                            + (total - remaining)
                            + " of "
                            + total
                            + " bytes");
        }
        remaining -= count;
        return count;
    }

    @Override
    public boolean atEnd() {
        return remaining == 0;
    }
}
