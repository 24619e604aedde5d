package io.gocacheserver.cache.tier;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two hashes that every Java runtime has. */
public final class Digests {

    private Digests() {}

    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    public static MessageDigest md5() {
        return digest("MD5");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has " + algorithm, e);
        }
    }
}
