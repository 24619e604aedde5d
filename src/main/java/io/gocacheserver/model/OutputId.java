package io.gocacheserver.model;

import java.util.HexFormat;

/**
 * The SHA-256 of an object's bytes, as cmd/go computes it.
 *
 * @param hex 4 to 1000 lower-case hex characters, an even number of them
 */
public record OutputId(String hex) {

    /**
     * Validates the ID.
     *
     * @throws InvalidIdException if it is not of that form
     */
    public OutputId {
        HexId.validate("output", hex);
    }

    /** The ID whose bytes these are. */
    public static OutputId of(byte[] bytes) {
        return new OutputId(HexFormat.of().formatHex(bytes));
    }

    /** The ID's bytes, half as many as it has hex characters. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
