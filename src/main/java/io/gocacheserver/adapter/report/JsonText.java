package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.SessionReport;

import org.jspecify.annotations.Nullable;

/** Writes one JSON object, field by field, in one line. */
final class JsonText {

    private final StringBuilder text = new StringBuilder(1024);

    /** The whole object. */
    String end() {
        return (text.isEmpty() ? text.append('{') : text).append('}').toString();
    }

    /** How a session came to its end. */
    static String word(SessionReport.Ending ending) {
        if (ending == SessionReport.Ending.CLOSED) {
            return "closed";
        }
        return ending == SessionReport.Ending.GONE ? "gone" : "broken";
    }

    void number(String name, long value) {
        name(name);
        text.append(value);
    }

    void string(String name, @Nullable String value) {
        name(name);
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
}
