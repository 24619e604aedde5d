package io.gocacheserver.web;

import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters in a request's URL. Servlet containers mix them with those of a body that is labelled as a form, which
 * curl does unasked, and would read the body for that.
 */
public final class QueryParameters {

    private final String query;

    private QueryParameters(String query) {
        this.query = query;
    }

    public static QueryParameters of(HttpServletRequest request) {
        String query = request.getQueryString();
        return new QueryParameters(query == null ? "" : query);
    }

    /** All values of a parameter, in their order. */
    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && parameter.substring(0, equals).equals(name)) {
                values.add(decoded(parameter.substring(equals + 1)));
            }
        }
        return values;
    }

    /** A number that is not negative; the default if there is none. */
    public long number(String name, long byDefault) {
        List<String> values = all(name);
        if (values.isEmpty()) {
            return byDefault;
        }
        Long value = values.size() == 1 ? parsed(values.getFirst()) : null;
        if (value == null) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "%s is %s, not a number of bytes".formatted(name, values));
        }
        return value;
    }

    private static @Nullable Long parsed(String value) {
        try {
            long number = Long.parseLong(value);
            return number < 0 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST, "the query is not encoded as URLs are: " + value);
        }
    }
}
