package io.gocacheserver.security.tokens;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The claims of a token that has been verified. A claim within a claim is named with a slash between, as in {@code
 * kubernetes.io/serviceaccount/name}; a claim that itself has such a name goes first.
 */
public record Claims(Map<String, Object> values) {

    List<String> all(String name) {
        return switch (find(values, name)) {
            case null -> List.of();
            case Collection<?> list ->
                    list.stream().filter(Claims::isPlain).map(String::valueOf).toList();
            case Object value when isPlain(value) -> List.of(String.valueOf(value));
            case Object other -> List.of();
        };
    }

    @Nullable String one(String name) {
        List<String> all = all(name);
        return all.size() == 1 ? all.getFirst() : null;
    }

    @Nullable String first(String... names) {
        for (String name : names) {
            String value = one(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static boolean isPlain(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    private static @Nullable Object find(Map<?, ?> claims, String name) {
        Object direct = claims.get(name);
        if (direct != null) {
            return direct;
        }
        for (int i = name.indexOf('/'); i > 0; i = name.indexOf('/', i + 1)) {
            if (claims.get(name.substring(0, i)) instanceof Map<?, ?> inner) {
                Object found = find(inner, name.substring(i + 1));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
