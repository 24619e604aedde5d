package io.gocacheserver.adapter.resident;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How {@code GOCACHEPROG} becomes words. The Go command splits it at blanks, tabs and line ends; a word that begins with a
 * quotation mark, single or double, goes on to the next such mark. There are no escapes, and marks within a word are part
 * of it (cmd/internal/quoted).
 */
public final class GoWords {

    private GoWords() {}

    /** The words in a value of {@code GOCACHEPROG}; a quotation that does not end goes on to the end. */
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            char first = text.charAt(start);
            if (isBlank(first)) {
                start++;
                continue;
            }
            boolean quoted = first == '"' || first == '\'';
            int end = start + 1;
            while (end < text.length()
                    && (quoted ? text.charAt(end) != first : !isBlank(text.charAt(end)))) {
                end++;
            }
            words.add(text.substring(quoted ? start + 1 : start, end));
            start = quoted ? end + 1 : end;
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /**
     * Text that the Go command takes for just this word.
     *
     * @throws IOException if there is none, which says what is wrong with the word
     */
    static String quote(String word) throws IOException {
        if (word.indexOf('\n') >= 0 || word.indexOf('\r') >= 0) {
            throw new IOException("a line break cannot be part of GOCACHEPROG: " + word);
        }
        if (!word.isEmpty()
                && word.indexOf(' ') < 0
                && word.indexOf('\t') < 0
                && word.charAt(0) != '"'
                && word.charAt(0) != '\'') {
            return word;
        }
        if (word.indexOf('\'') < 0) {
            return '\'' + word + '\'';
        }
        if (word.indexOf('"') < 0) {
            return '"' + word + '"';
        }
        throw new IOException(
                "blanks and both kinds of quotation marks cannot be in one word of GOCACHEPROG: "
                        + word);
    }
}
