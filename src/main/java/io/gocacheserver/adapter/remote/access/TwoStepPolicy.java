package io.gocacheserver.adapter.remote.access;

/**
 * Decides whether to try and put an action without its object first, which the service may have already. That costs a
 * round trip where it does not: so only for objects that it likely has, for large ones, and for those in between while
 * it pays in one case of four. Services that do not know such Puts, as gocached, are asked once.
 */
public final class TwoStepPolicy {

    private static final long LARGE = 1 << 20;
    private static final long WORTH_A_TRY = 64 << 10;
    private static final int TRIALS = 8;
    private static final int ONE_IN = 4;

    private boolean unsupported;
    private int tried;
    private int saved;

    /**
     * Whether to try.
     *
     * @param size of the object
     * @param known whether this process has seen the object at the service
     */
    public synchronized boolean isWorthwhile(long size, boolean known) {
        if (unsupported) {
            return false;
        }
        return known
                || size >= LARGE
                || (size >= WORTH_A_TRY && (tried < TRIALS || saved * ONE_IN >= tried));
    }

    /** The service had the object. */
    public synchronized void saved() {
        tried++;
        saved++;
    }

    /** The service wants the object. */
    public synchronized void wanted() {
        tried++;
    }

    /** The service does not know what was meant. */
    public synchronized void unsupported() {
        unsupported = true;
    }
}
