package io.gocacheserver.model;

import java.util.HexFormat;

/**
 * A Bloom filter (Bloom 1970) over action IDs. Sized by {@link #bytesFor} it uses 10 to 20 bits an action and errs for less
 * than 1 % of absent ones. The probes are derived from two numbers (Kirsch and Mitzenmacher 2006), which an ID has in itself,
 * since it is a hash.
 *
 * <p>The size is a power of two, so that a filter can be made smaller: the two halves are laid over each other. Safe for many
 * threads: who was told of an addition finds it.
 */
public final class ActionFilter {

    private static final int BITS_PER_ACTION = 10;
    private static final int PROBES = 7;
    private static final int HEX_DIGITS_PER_LONG = 16;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final byte[] bits;
    private final long mask;

    private ActionFilter(byte[] bits) {
        this.bits = bits;
        this.mask = bits.length * (long) Byte.SIZE - 1;
    }

    public static ActionFilter forActions(long actions) {
        return new ActionFilter(new byte[bytesFor(actions)]);
    }

    /**
     * What {@link #copyTo} has written.
     *
     * @throws IllegalArgumentException if the number of bytes is no power of two
     */
    public static ActionFilter of(byte[] bits) {
        if (Integer.bitCount(bits.length) != 1) {
            throw new IllegalArgumentException("a filter of " + bits.length + " bytes");
        }
        return new ActionFilter(bits);
    }

    /** The size that so many actions need: a power of two. */
    public static int bytesFor(long actions) {
        long bytes = Long.BYTES;
        while (bytes * Byte.SIZE < actions * BITS_PER_ACTION) {
            bytes *= 2;
        }
        return Math.toIntExact(bytes);
    }

    public int size() {
        return bits.length;
    }

    public boolean add(ActionId action) {
        return add(action, 0);
    }

    public synchronized boolean add(ActionId action, long salt) {
        long bit = first(action, salt);
        long step = second(action, salt);
        boolean changed = false;
        for (int i = 0; i < PROBES; i++, bit += step) {
            int at = (int) ((bit & mask) / Byte.SIZE);
            int flag = 1 << (bit & 7);
            changed |= (bits[at] & flag) == 0;
            bits[at] |= (byte) flag;
        }
        return changed;
    }

    public boolean mayContain(ActionId action) {
        return mayContain(action, 0);
    }

    public boolean mayContain(ActionId action, long salt) {
        long bit = first(action, salt);
        long step = second(action, salt);
        for (int i = 0; i < PROBES; i++, bit += step) {
            if ((bits[(int) ((bit & mask) / Byte.SIZE)] & 1 << (bit & 7)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** A copy, of at most so many bytes: a power of two. */
    public synchronized ActionFilter copy(int maxBytes) {
        byte[] copy = new byte[Math.min(maxBytes, bits.length)];
        for (int i = 0; i < bits.length; i++) {
            copy[i & copy.length - 1] |= bits[i];
        }
        return new ActionFilter(copy);
    }

    public synchronized void copyTo(byte[] target, int offset) {
        System.arraycopy(bits, 0, target, offset, bits.length);
    }

    private static long first(ActionId action, long salt) {
        return digits(action, 0) ^ salt * MULTIPLIER;
    }

    /** Odd, so that all probes differ. */
    private static long second(ActionId action, long salt) {
        return (digits(action, HEX_DIGITS_PER_LONG) ^ salt * MULTIPLIER) | 1;
    }

    private static long digits(ActionId action, int from) {
        String hex = action.hex();
        if (hex.length() < from + HEX_DIGITS_PER_LONG) {
            return (hex.hashCode() + (long) from) * MULTIPLIER; // no real ID is as short
        }
        return HexFormat.fromHexDigitsToLong(hex, from, from + HEX_DIGITS_PER_LONG);
    }
}
