package io.gocacheserver.build;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import org.jspecify.annotations.Nullable;

/**
 * An action of a build, of which is known what it is for; in JSON an array of these.
 *
 * @param name the package's import path, with {@code [p.test]} where it is compiled for that test; empty for a list of what a
 *     test reads that the client could not name
 * @param kind {@value #COMPILE}, {@value #TEST} or {@value #TEST_INPUTS}
 * @param action its ID
 * @param outcome of the Get: {@link #MISS}, {@link #SERVICE_HIT}, {@link #LOCAL_HIT}, {@link #UNANSWERED}
 * @param executed whether the Go command put it afterwards
 * @param content what the Go command calls the content ID of the package, by which other packages import it
 * @param sources hash of the files that it is made of
 * @param deps the packages that it imports, by their place in the list
 * @param flags {@link #MAIN}, {@link #CGO}, {@link #STANDARD}, {@link #INPUTS_KNOWN}, {@link #OWN}
 * @param note on what a test reads
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({
    "name",
    "kind",
    "action",
    "outcome",
    "executed",
    "content",
    "sources",
    "deps",
    "flags",
    "note"
})
@SuppressWarnings("ArrayRecordComponent") // never compared
record PackageUse(
        String name,
        String kind,
        String action,
        int outcome,
        boolean executed,
        @Nullable String content,
        @Nullable String sources,
        int[] deps,
        int flags,
        @Nullable String note) {

    static final String COMPILE = "compile";
    static final String TEST = "test";

    /** The list of files and variables that a test has read. */
    static final String TEST_INPUTS = "test-inputs";

    static final int MISS = 0;
    static final int SERVICE_HIT = 1;
    static final int LOCAL_HIT = 2;
    static final int UNANSWERED = 3;

    /** A program's package, into which the Go command stamps versions and the state of the repository. */
    static final int MAIN = 1;

    /** It has C. */
    static final int CGO = 2;

    /** It is the standard library's. */
    static final int STANDARD = 4;

    /** Of a test: the cache had the list of what it reads, so that the test itself is the same. */
    static final int INPUTS_KNOWN = 8;

    /** It lies outside of the module cache, mostly in the module that is built. */
    static final int OWN = 16;

    /** Nothing but the note, content and sources is null. */
    PackageUse {
        name = name == null ? "" : name;
        kind = kind == null ? "" : kind;
        action = action == null ? "" : action;
        deps = deps == null ? new int[0] : deps;
    }

    boolean missed() {
        return outcome == MISS || outcome == UNANSWERED;
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    PackageUse named(String other) {
        return new PackageUse(
                other, kind, action, outcome, executed, content, sources, deps, flags, note);
    }

    /** The import path without the test that it is compiled for. */
    String path() {
        int blank = name.indexOf(' ');
        return blank < 0 ? name : name.substring(0, blank);
    }

    static String outcomeWord(int outcome) {
        return switch (outcome) {
            case SERVICE_HIT -> "serviceHit";
            case LOCAL_HIT -> "localHit";
            default -> "miss";
        };
    }
}
