package io.gocacheserver.model;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** The name that a misspelt one most probably stands for. */
public final class SimilarName {

    private static final int MISSING = 1; // to leave letters out is the most frequent mistake

    private static final int WRONG = 2;

    private static final int MOST = 8;

    private SimilarName() {}

    /** The most similar of the {@code known}, or null if none is similar. Case and separators do not count. */
    public static @Nullable String of(String name, Iterable<String> known) {
        String best = null;
        int least = MOST + 1;
        for (String candidate : known) {
            int distance = distance(letters(name), letters(candidate));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    private static String letters(String name) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (Character.isLetterOrDigit(name.charAt(i))) {
                letters.append(name.charAt(i));
            }
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }

    /** Letters to insert, delete or replace (Levenshtein), each with its weight. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j * MISSING;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i * WRONG;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : WRONG);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j] + WRONG, row[j - 1] + MISSING));
            }
        }
        return row[to.length()];
    }
}
