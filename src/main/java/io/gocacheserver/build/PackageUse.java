package io.gocacheserver.build;

import com.fasterxml.jackson.annotation.JsonFormat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.PackageCodes;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * An action of a build, of which is known what it is for; in JSON an array of these.
 *
 * @param name the package's import path, with {@code [p.test]} where it is compiled for that test; empty for a list of what a
 *     test reads that the client could not name
 * @param kind {@value #COMPILE}, {@value #TEST} or {@value #TEST_INPUTS}
 * @param action its ID
 * @param outcome of the Get: {@link PackageCodes#MISS}, {@link PackageCodes#SERVICE_HIT}, {@link PackageCodes#LOCAL_HIT}, {@link PackageCodes#UNANSWERED}
 * @param executed whether the Go command put it afterwards
 * @param content what the Go command calls the content ID of the package, by which other packages import it
 * @param sources hash of the files that it is made of
 * @param deps the packages that it imports, by their place in the list
 * @param flags {@link PackageCodes#MAIN}, {@link PackageCodes#CGO}, {@link PackageCodes#STANDARD}, {@link PackageCodes#INPUTS_KNOWN}, {@link PackageCodes#OWN}
 * @param note on what a test reads
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
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

    private static final Set<String> KINDS = Set.of(COMPILE, TEST, TEST_INPUTS);

    /** Nothing but the note, content and sources is null. */
    PackageUse {
        if (!KINDS.contains(kind) || outcome < 0 || outcome > PackageCodes.UNANSWERED) {
            throw new IllegalArgumentException("%s with outcome %d".formatted(kind, outcome));
        }
        name = name == null ? "" : name;
        action = new ActionId(action).hex();
        deps = deps == null ? new int[0] : deps;
    }

    boolean missed() {
        return outcome == PackageCodes.MISS || outcome == PackageCodes.UNANSWERED;
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
            case PackageCodes.SERVICE_HIT -> "serviceHit";
            case PackageCodes.LOCAL_HIT -> "localHit";
            default -> "miss";
        };
    }
}
