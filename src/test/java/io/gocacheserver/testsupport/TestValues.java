package io.gocacheserver.testsupport;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** IDs as the Go command makes them, and bytes as they are sent. */
public final class TestValues {

    private TestValues() {}

    /** The action ID that is the hash of a name. */
    public static ActionId action(String name) {
        return ActionId.of(Sha256.of(bytes(name)));
    }

    /** An object's true output ID. */
    public static OutputId output(byte[] object) {
        return OutputId.of(Sha256.of(object));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
