package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.wire.FilterAnswer;

import org.jspecify.annotations.Nullable;

/**
 * What the service said last of the actions that it has.
 *
 * @param tag by which it knows this answer again; null if it does not
 */
public record KnownFilter(@Nullable String tag, FilterAnswer answer) {

    /** Nothing was said. */
    static final KnownFilter NONE = new KnownFilter(null, FilterAnswer.INCOMPLETE);
}
