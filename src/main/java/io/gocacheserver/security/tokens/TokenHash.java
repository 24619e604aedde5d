package io.gocacheserver.security.tokens;

import io.gocacheserver.cache.tier.Digests;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The SHA-256 of a token, in place of the token itself. Tokens are long and random, so no slow hash is needed. Comparisons
 * take constant time.
 */
public final class TokenHash {

    private static final int BYTES = 32;

    private final byte[] bytes;

    private TokenHash(byte[] bytes) {
        this.bytes = bytes;
    }

    public static TokenHash of(String token) {
        return new TokenHash(Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * From hex.
     *
     * @throws IllegalArgumentException if it is no SHA-256
     */
    static TokenHash parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("%d bytes, not %d".formatted(bytes.length, BYTES));
        }
        return new TokenHash(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return bytes[0] << 24
                | (bytes[1] & 0xff) << 16
                | (bytes[2] & 0xff) << 8
                | (bytes[3] & 0xff);
    }
}
