package io.gocacheserver.wire;

import io.gocacheserver.model.OutputId;

import java.util.Arrays;

/**
 * The head of one frame of the answer to the start of a build. A list of actions comes first: u32, its length, and an {@link
 * ActionList}. There is one frame for each of them, in that order, and an end:
 *
 * <pre>
 * u8    kind
 * u32   index of the action in the list; in the end: number of frames before it
 *
 * of a hit also:
 * u8    coding of the bytes: 0 the object itself, 1 one frame of zstd
 * u64   length of the object in bytes
 * i64   when the action was put, in nanoseconds since 1970
 * u64   n, the length of what follows in bytes
 * 32    the object's output ID, its SHA-256
 * n     the object, in its coding
 * </pre>
 *
 * <p>Numbers are in network byte order. An answer without its end was cut off; the frames before are whole.
 */
public final class PrefetchFrame {

    public static final int END = 0; // all has been sent
    public static final int HIT = 1;
    public static final int ABSENT = 2; // the cache does not have the action

    /** Not looked at, since as many bytes were sent as were asked for, or the service is about to end. */
    public static final int NOT_SENT = 4;

    public static final int FAILED = 5; // the service does not know, or cannot read the object
    public static final int IDENTITY = 0;
    public static final int ZSTD = 1; // the bytes are one frame of Zstandard (RFC 8878)
    public static final int HEAD_LENGTH = 5; // length in bytes of every frame's first part

    /** Length in bytes of what a hit has between that and the object. */
    public static final int HIT_LENGTH = 57;

    private static final int OUTPUT_LENGTH = 32;
    private static final int SIZE = 1;
    private static final int TIME = 9;
    private static final int LENGTH = 17;
    private static final int OUTPUT = 25;

    private PrefetchFrame() {}

    public static void putHead(byte[] bytes, int offset, int kind, int index) {
        bytes[offset] = (byte) kind;
        BigEndian.putU32(bytes, offset + 1, index);
    }

    /** The length in bytes of the list that comes before the frames in the answer to the start of a build. */
    public static long listLength(byte[] head) {
        return BigEndian.u32(head, 0) & 0xffffffffL;
    }

    /** The kind of a frame, from its first part. May be one that is not known. */
    public static int kind(byte[] bytes, int offset) {
        return BigEndian.u8(bytes, offset);
    }

    /** The index, or the number of frames, from a frame's first part. */
    public static int index(byte[] bytes, int offset) {
        return BigEndian.u32(bytes, offset + 1);
    }

    public static void putHit(byte[] bytes, int offset, Hit hit) {
        byte[] output = hit.output().bytes();
        if (output.length != OUTPUT_LENGTH) {
            throw new IllegalArgumentException("output ID " + hit.output() + " is no SHA-256");
        }
        bytes[offset] = (byte) hit.coding();
        BigEndian.putU64(bytes, offset + SIZE, hit.size());
        BigEndian.putU64(bytes, offset + TIME, hit.unixNanos());
        BigEndian.putU64(bytes, offset + LENGTH, hit.length());
        System.arraycopy(output, 0, bytes, offset + OUTPUT, OUTPUT_LENGTH);
    }

    /** Reads the second part of a hit. */
    public static Hit hit(byte[] bytes, int offset) {
        int coding = BigEndian.u8(bytes, offset);
        long size = BigEndian.u64(bytes, offset + SIZE);
        long length = BigEndian.u64(bytes, offset + LENGTH);
        if (coding > ZSTD || size < 0 || length < 0 || (coding == IDENTITY && size != length)) {
            throw new MalformedMessageException(
                    "a hit of coding " + coding + ", " + size + " bytes, sent as " + length);
        }
        int output = offset + OUTPUT;
        return new Hit(
                coding,
                OutputId.of(Arrays.copyOfRange(bytes, output, output + OUTPUT_LENGTH)),
                size,
                BigEndian.u64(bytes, offset + TIME),
                length);
    }

    /**
     * A hit's head, before the bytes of the object.
     *
     * @param size of the object itself, in bytes
     * @param length of what is sent, in bytes
     */
    public record Hit(int coding, OutputId output, long size, long unixNanos, long length) {}
}
