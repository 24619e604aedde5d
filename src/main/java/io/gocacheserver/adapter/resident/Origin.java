package io.gocacheserver.adapter.resident;

import io.gocacheserver.adapter.profile.GoInvocation;

import java.util.List;
import java.util.Map;

/**
 * The Go command of a session.
 *
 * @param build the command, as far as it is known
 * @param watched whether a person watches it on a terminal
 */
public record Origin(GoInvocation build, boolean watched) {

    /** The origin of a client that only connected. */
    static Origin unknown() {
        return new Origin(new GoInvocation("", List.of(), Map.of()), false);
    }
}
