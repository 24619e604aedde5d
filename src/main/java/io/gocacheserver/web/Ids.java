package io.gocacheserver.web;

import org.jspecify.annotations.Nullable;

/** IDs as they stand in a path. */
final class Ids {

    private Ids() {}

    /** A path that ends where its ID should begin has an empty one, which the ID's own validation then refuses. */
    static String orEmpty(@Nullable String id) {
        return id == null ? "" : id;
    }
}
