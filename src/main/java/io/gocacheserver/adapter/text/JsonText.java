package io.gocacheserver.adapter.text;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Writes one JSON object, field by field, in one line. */
public final class JsonText {

    private final StringBuilder text = new StringBuilder(1024);

    public String end() {
        return (text.isEmpty() ? text.append('{') : text).append('}').toString();
    }

    public void number(String name, long value) {
        name(name);
        text.append(value);
    }

    public void string(String name, @Nullable String value) {
        name(name);
        quoted(value);
    }

    /** A field that is left out if it is empty. */
    public void given(String name, String value) {
        if (!value.isEmpty()) {
            string(name, value);
        }
    }

    public void strings(String name, List<String> values) {
        name(name);
        text.append('[');
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? "" : ",");
            quoted(values.get(i));
        }
        text.append(']');
    }

    /** An object of strings. */
    public void strings(String name, Map<String, String> values) {
        JsonText inner = new JsonText();
        values.forEach(inner::string);
        object(name, inner.end());
    }

    /** An object ({@code json}: as {@link #end} returns it). */
    public void object(String name, String json) {
        name(name);
        text.append(json);
    }

    /** A value by itself. */
    public static String quote(@Nullable String value) {
        JsonText json = new JsonText();
        json.quoted(value);
        return json.text.toString();
    }

    private void quoted(@Nullable String value) {
        if (value == null) {
            text.append("null");
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value.charAt(i));
        }
        text.append('"');
    }

    private void append(char c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c < ' ') {
            text.append("\\u00").append(Character.forDigit(c >> 4, 16));
            text.append(Character.forDigit(c & 15, 16));
        } else {
            text.append(c);
        }
    }

    private void name(String name) {
        text.append(text.isEmpty() ? "{\"" : ",\"").append(name).append("\":");
    }

    /** The text or number that the first field of that name has, without a look at what is around it; null if there is none. Escapes stay. */
    public static @Nullable String value(String json, String name) {
        int at = json.indexOf('"' + name + '"');
        int colon = at < 0 ? -1 : json.indexOf(':', at + name.length() + 2);
        if (colon < 0) {
            return null;
        }
        String rest = json.substring(colon + 1).stripLeading();
        boolean isText = rest.startsWith("\"");
        int end = isText ? rest.indexOf('"', 1) : 0;
        while (!isText && end < rest.length() && Character.isDigit(rest.charAt(end))) {
            end++;
        }
        return end <= 0 ? null : rest.substring(isText ? 1 : 0, end);
    }
}
