package io.gocacheserver.wire;

/** Unsigned numbers in network byte order, in arrays: for which a young JVM has to load nothing. */
final class BigEndian {

    private BigEndian() {}

    static int u8(byte[] bytes, int offset) {
        return bytes[offset] & 0xff;
    }

    static int u16(byte[] bytes, int offset) {
        return (u8(bytes, offset) << 8) | u8(bytes, offset + 1);
    }

    static int u32(byte[] bytes, int offset) {
        return (u16(bytes, offset) << 16) | u16(bytes, offset + 2);
    }

    static long u64(byte[] bytes, int offset) {
        return ((long) u32(bytes, offset) << 32) | (u32(bytes, offset + 4) & 0xffffffffL);
    }

    static void putU16(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 8);
        bytes[offset + 1] = (byte) value;
    }

    static void putU32(byte[] bytes, int offset, int value) {
        putU16(bytes, offset, value >>> 16);
        putU16(bytes, offset + 2, value);
    }

    static void putU64(byte[] bytes, int offset, long value) {
        putU32(bytes, offset, (int) (value >>> 32));
        putU32(bytes, offset + 4, (int) value);
    }
}
