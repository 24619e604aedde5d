package io.gocacheserver.web.content;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

/**
 * Entity tags of objects (RFC 9110, 8.8.3). The object's own bytes can be no others than the output ID says, so that ID is
 * their tag; in another coding they are other bytes, with a tag of their own.
 */
public final class EntityTags {

    private EntityTags() {}

    static String of(OutputId output, Coding coding) {
        return switch (coding) {
            case IDENTITY -> '"' + output.hex() + '"';
            case ZSTD -> '"' + output.hex() + "-zstd\"";
        };
    }

    /** Whether a list of tags, as in If-None-Match, names {@code tag} or is {@code *}. Weak comparison. */
    public static boolean matches(@Nullable String list, String tag) {
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
