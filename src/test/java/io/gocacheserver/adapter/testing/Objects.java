package io.gocacheserver.adapter.testing;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Actions, and objects with their true output IDs. */
public final class Objects {

    private Objects() {}

    public static ActionId action(String name) {
        return ActionId.of(sha256(bytes("action " + name)));
    }

    public static OutputId output(byte[] object) {
        return OutputId.of(sha256(object));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
