package io.gocacheserver.testsupport;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * What a test needs and not every machine has. Where it is missing the test is skipped with a message that says what to
 * install; where {@code CI_REQUIRE_ALL=true} it fails, so that continuous integration never skips unnoticed.
 */
public final class Requirements {

    private Requirements() {}

    /**
     * Skips or fails the running test unless the condition holds.
     *
     * @param missing what is missing and how to install it
     */
    public static void need(boolean condition, String missing) {
        if (condition) {
            return;
        }
        if ("true".equals(System.getenv("CI_REQUIRE_ALL"))) {
            fail(missing + " (CI_REQUIRE_ALL is set)");
        }
        abort(missing);
    }
}
