package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A Bloom filter (Bloom 1970) over action IDs: says of an action that it was certainly never added, or that it may have
 * been. At its capacity it uses 10 to 20 bits an action and errs for less than 1 % of absent ones. The probes are derived
 * from two numbers (Kirsch and Mitzenmacher 2006), which an ID has in itself, since it is a hash. Safe for many threads;
 * nothing can be taken out.
 */
final class ActionFilter {

    private static final int BITS_PER_ACTION = 10;
    private static final int PROBES = 7;
    private static final int HEX_DIGITS_PER_LONG = 16;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final AtomicLongArray words;
    private final long mask;

    /**
     * @param capacity number of actions up to which the error holds
     */
    ActionFilter(long capacity) {
        long bits = Long.SIZE;
        while (bits < capacity * BITS_PER_ACTION) {
            bits *= 2;
        }
        words = new AtomicLongArray(Math.toIntExact(bits / Long.SIZE));
        mask = bits - 1;
    }

    void add(ActionKey action) {
        long bit = first(action);
        long step = second(action);
        for (int i = 0; i < PROBES; i++, bit += step) {
            words.accumulateAndGet(word(bit), 1L << bit, (old, added) -> old | added);
        }
    }

    boolean mayContain(ActionKey action) {
        long bit = first(action);
        long step = second(action);
        for (int i = 0; i < PROBES; i++, bit += step) {
            if ((words.get(word(bit)) & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    private int word(long bit) {
        return (int) ((bit & mask) / Long.SIZE);
    }

    private static long first(ActionKey action) {
        return digits(action, 0);
    }

    /** Odd, so that all probes differ. */
    private static long second(ActionKey action) {
        return digits(action, HEX_DIGITS_PER_LONG) | 1;
    }

    private static long digits(ActionKey key, int from) {
        long digits = digits(key.action(), from);
        return key.namespace().isGlobal()
                ? digits
                : digits ^ (key.namespace().hashCode() + 1L) * MULTIPLIER;
    }

    private static long digits(ActionId action, int from) {
        String hex = action.hex();
        if (hex.length() < from + HEX_DIGITS_PER_LONG) {
            return (hex.hashCode() + (long) from) * MULTIPLIER; // no real ID is as short
        }
        return HexFormat.fromHexDigitsToLong(hex, from, from + HEX_DIGITS_PER_LONG);
    }
}
