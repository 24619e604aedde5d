package io.gocacheserver.operations;

import io.gocacheserver.model.ByteSize;

/** A number of bytes, for programs and for people: {@code 1.5 GB}. */
public record ByteCount(long bytes, String text) {

    public static ByteCount of(long bytes) {
        return new ByteCount(bytes, ByteSize.format(bytes));
    }
}
