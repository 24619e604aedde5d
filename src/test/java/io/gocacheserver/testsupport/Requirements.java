package io.gocacheserver.testsupport;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.security.auth.module.UnixSystem;

import java.util.Optional;

/**
 * What a test needs and not every machine has. Where it is missing the test is skipped with a reason of the form {@code
 * <what is missing>: <what to do>}, the same text for the same thing; where {@code CI_REQUIRE_ALL=true} it fails, so that
 * continuous integration never skips unnoticed.
 */
public final class Requirements {

    /** Whether a test must not be skipped. */
    static final boolean ALL = "true".equals(System.getenv("CI_REQUIRE_ALL"));

    private Requirements() {}

    /** Skips or fails the running test unless the condition holds. */
    public static void need(boolean condition, String missing, String remedy) {
        if (condition) {
            return;
        }
        String reason = missing + ": " + remedy;
        if (ALL) {
            fail(reason + " (CI_REQUIRE_ALL is set)");
        }
        abort(reason);
    }

    /** Why a test is skipped that mounts a volume, or gives a file to somebody else; nothing if it can. */
    static Optional<String> reasonWithoutRoot() {
        return ALL || new UnixSystem().getUid() == 0
                ? Optional.empty()
                : Optional.of("not root: run the tests as root");
    }
}
