package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Header lines in their order; names are compared without regard to case. */
public final class Headers {

    private final List<String> namesAndValues = new ArrayList<>(16);

    /** Appends a line. Fails if the value holds a line break. */
    public Headers add(String name, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("header " + name + " holds a line break");
        }
        namesAndValues.add(name);
        namesAndValues.add(value);
        return this;
    }

    public @Nullable String get(String name) {
        for (int i = 0; i < size(); i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return value(i);
            }
        }
        return null;
    }

    int size() {
        return namesAndValues.size() / 2;
    }

    String name(int index) {
        return namesAndValues.get(2 * index);
    }

    String value(int index) {
        return namesAndValues.get(2 * index + 1);
    }
}
