package io.gocacheserver.web;

import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

/** Entity tags of objects (RFC 9110, 8.8.3): the output ID in quotes, since the bytes can be no others. */
final class EntityTags {

    private EntityTags() {}

    static String of(OutputId output) {
        return '"' + output.hex() + '"';
    }

    /** Whether a list of tags, as in If-None-Match, names {@code tag} or is {@code *}. Weak comparison. */
    static boolean matches(@Nullable String list, String tag) {
        if (list == null) {
            return false;
        }
        for (String candidate : list.split(",", -1)) {
            String trimmed = candidate.strip();
            if (trimmed.equals("*") || trimmed.equals(tag) || trimmed.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }
}
