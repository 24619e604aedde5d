package io.gocacheserver.wire;

/** Headers of the HTTP contract that HTTP itself does not define. */
public final class WireHeaders {

    /** Request header of a Get: with the value {@code 1} the answer is the object itself, in one round trip. */
    public static final String WANT_OBJECT = "Want-Object";

    public static final String WANT_OBJECT_YES = "1";

    /**
     * Request header of a Get and of the start of a build: with the value {@code 1} the client stores an executable so that it runs.
     * For any other client it is a miss ({@link ExecutableContent}).
     */
    public static final String WANT_EXECUTABLE = "Want-Executable";

    public static final String WANT_EXECUTABLE_YES = "1";

    /** The output ID: of the object in an answer, or which the action of a two-step Put produced. */
    public static final String OUTPUT_ID = "Go-Output-Id";

    /** When the action was put: RFC 3339, UTC, to the nanosecond. */
    public static final String ENTRY_TIME = "Go-Entry-Time";

    /**
     * The content coding, in {@code Accept-Encoding} and {@code Content-Encoding}, in which objects travel as they are stored
     * (RFC 8878).
     */
    public static final String ZSTD = "zstd";

    /** Length in bytes of the object itself, in an answer whose body is coded. */
    public static final String UNCOMPRESSED_LENGTH = "X-Uncompressed-Length";

    /** In the answer to the start of a build: the name of the profile that says what is sent. */
    public static final String PROFILE_KEY = "Go-Profile-Key";

    /** In the answer to a report of a build: an estimate of the work in milliseconds that the build's hits have spared it. */
    public static final String SAVED_MILLIS = "Saved-Millis";

    /** In the answer to a report of a build: its number, or 0. */
    public static final String BUILD_ID = "Build-Id";

    private WireHeaders() {}
}
