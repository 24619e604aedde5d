package io.gocacheserver.model;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;

/**
 * The SHA-256 of an object's bytes, as cmd/go computes it.
 *
 * @param hex 4 to 1000 lower-case hex characters, an even number of them
 */
public record OutputId(String hex) {

    public OutputId {
        InvalidIdException.validate("output", hex);
    }

    public static OutputId of(byte[] bytes) {
        return new OutputId(HexFormat.of().formatHex(bytes));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    // Written out, since linking a record's own equals and hashCode takes a young JVM, such as the
    // adapter's, 10 ms each.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OutputId(String otherHex) && hex.equals(otherHex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public String toString() {
        return hex;
    }
}
