package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Variables that look like settings and are none: a misspelt one is ignored without a word otherwise. */
public final class UnknownVariables {

    private static final String PREFIX = "CACHESERVER_";

    /** How the service's own settings go on, which may be set on the same machine. */
    private static final List<String> SERVICE =
            List.of("DISK_", "S3_", "AUTH_", "SECURITY_", "WEB_", "SHUTDOWN_", "PROFILE_");

    private static final int MAX_DISTANCE = 4;

    private UnknownVariables() {}

    /** A sentence about each in {@code environment}, in the order of their names. */
    public static List<String> describe(Map<String, String> environment) {
        List<String> sentences = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !isService(name) && !isSetting(name)) {
                String similar = mostSimilar(name);
                sentences.add(
                        name
                                + " is no setting of the adapter, and ignored"
                                + (similar == null ? "" : ": is " + similar + " meant?"));
            }
        }
        return sentences;
    }

    private static boolean isService(String name) {
        for (String part : SERVICE) {
            if (name.startsWith(part, PREFIX.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSetting(String name) {
        for (Setting setting : Setting.values()) {
            if (setting.variable().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String mostSimilar(String name) {
        String best = null;
        int least = MAX_DISTANCE + 1;
        for (Setting setting : Setting.values()) {
            int distance = distance(name.replace("_", ""), setting.variable().replace("_", ""));
            if (distance < least) {
                least = distance;
                best = setting.variable();
            }
        }
        return best;
    }

    /** Letters to insert, delete or replace (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
