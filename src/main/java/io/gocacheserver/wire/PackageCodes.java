package io.gocacheserver.wire;

/** Numbers in the list of a build's packages, {@code POST /builds/<id>/packages}, and what it may have at most. */
public final class PackageCodes {

    public static final int MAX_BYTES = 4 << 20;

    public static final int MAX_PACKAGES = 20_000;
    public static final int MISS = 0;

    public static final int SERVICE_HIT = 1;
    public static final int LOCAL_HIT = 2;
    public static final int UNANSWERED = 3;

    /** Flag: a program's package, into which the Go command stamps versions and the state of the repository. */
    public static final int MAIN = 1;

    public static final int CGO = 2;
    public static final int STANDARD = 4;

    /** Flag of a test: the cache had the list of what it reads, so that the test itself is the same. */
    public static final int INPUTS_KNOWN = 8;

    /** Flag: it lies outside of the module cache, mostly in the module that is built. */
    public static final int OWN = 16;

    private PackageCodes() {}
}
