package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.connection.Connection;

import java.io.IOException;

/** A body that ends with the connection. Whether it is whole cannot be known, so only errors may come so. */
final class UntilCloseBody implements ResponseBody {

    private final Connection connection;

    UntilCloseBody(Connection connection) {
        this.connection = connection;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        return connection.read(target, from, length);
    }

    @Override
    public boolean atEnd() {
        return false;
    }
}
