package io.gocacheserver.adapter.profile;

import java.io.IOException;

/**
 * How {@code GOCACHEPROG} becomes words. The Go command splits it at blanks, tabs and line ends; a word that begins with a
 * quotation mark, single or double, goes on to the next such mark. There are no escapes, and marks within a word are part
 * of it (cmd/internal/quoted).
 */
public final class GoWords {

    private GoWords() {}

    /** Text that the Go command takes for just this word. Fails if there is none, which says what is wrong with the word. */
    public static String quote(String word) throws IOException {
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
