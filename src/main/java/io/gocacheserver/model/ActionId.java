package io.gocacheserver.model;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;

/**
 * The name of a computation of the Go command: a hash over it and its inputs.
 *
 * @param hex 4 to 1000 lower-case hex characters, an even number of them
 */
public record ActionId(String hex) {

    public ActionId {
        InvalidIdException.validate("action", hex);
    }

    public static ActionId of(byte[] bytes) {
        return new ActionId(HexFormat.of().formatHex(bytes));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    // Written out, since linking a record's own equals and hashCode takes a young JVM, such as the
    // adapter's, 10 ms each.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ActionId(String otherHex) && hex.equals(otherHex);
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
