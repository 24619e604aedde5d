package io.gocacheserver.testsupport;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.OutputId;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Some bytes, with the output ID that belongs to them and an action ID that nothing else has. */
public final class TestObject {

    private static final AtomicLong SEEDS = new AtomicLong();

    private final ActionId action;
    private final OutputId output;
    private final byte[] bytes;

    private TestObject(ActionId action, byte[] bytes) {
        this.action = action;
        this.output = TestValues.output(bytes);
        this.bytes = bytes;
    }

    /** Random bytes, other ones at each call. */
    public static TestObject ofSize(int size) {
        long seed = SEEDS.incrementAndGet();
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return new TestObject(TestValues.action("action " + seed), bytes);
    }

    /** These bytes. */
    public static TestObject of(String text) {
        return new TestObject(
                TestValues.action("action of text " + SEEDS.incrementAndGet()),
                TestValues.bytes(text));
    }

    /** These bytes, not to be changed. */
    public static TestObject of(byte[] bytes) {
        return new TestObject(
                TestValues.action("action of bytes " + SEEDS.incrementAndGet()), bytes);
    }

    public ActionId action() {
        return action;
    }

    /** The action in the namespace global. */
    public ActionKey key() {
        return ActionKey.global(action);
    }

    public OutputId output() {
        return output;
    }

    /** The bytes, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return bytes.length;
    }

    public InputStream stream() {
        return new ByteArrayInputStream(bytes);
    }

    /** Lower-case hex. */
    public String md5() {
        return md5(bytes);
    }

    /** Of any bytes, lower-case hex. */
    public static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /** {@code /<action-id>/<output-id>}. */
    public String putPath() {
        return "/" + action + "/" + output;
    }
}
