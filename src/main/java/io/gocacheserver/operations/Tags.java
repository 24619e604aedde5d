package io.gocacheserver.operations;

import java.util.Locale;

/** Constants of enums as values of tags and of JSON. */
public final class Tags {

    private Tags() {}

    /** {@code READ_ONLY} is {@code read_only}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
