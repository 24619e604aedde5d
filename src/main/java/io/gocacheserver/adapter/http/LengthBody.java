package io.gocacheserver.adapter.http;

import java.io.IOException;

/** A body of a known length, 0 included. */
final class LengthBody implements ResponseBody {

    private final Connection connection;
    private final long length;
    private long remaining;

    LengthBody(Connection connection, long length) {
        this.connection = connection;
        this.length = length;
        this.remaining = length;
    }

    @Override
    public int read(byte[] target) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int count = connection.read(target, 0, (int) Math.min(target.length, remaining));
        if (count < 0) {
            throw new HttpException(
                    "the service closed the connection after "
                            + (length - remaining)
                            + " of "
                            + length
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
