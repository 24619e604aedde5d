package io.gocacheserver.adapter.cli;

import io.gocacheserver.model.SimilarName;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Variables that look like settings and are none: a misspelt one is ignored without a word otherwise. */
public final class UnknownVariables {

    private static final String PREFIX = "CACHESERVER_";

    /** How the service's own settings go on, which may be set on the same machine. */
    private static final List<String> SERVICE =
            List.of(
                    "ADAPTER_",
                    "AUTH_",
                    "BULK_",
                    "DISK_",
                    "PAGE_",
                    "PROFILE_",
                    "QUOTAS_",
                    "S3_",
                    "SHUTDOWN_",
                    "WEB_");

    private UnknownVariables() {}

    /** A sentence about each in {@code environment}, in the order of their names. */
    public static List<String> describe(Map<String, String> environment) {
        List<String> variables = Arrays.stream(Setting.values()).map(Setting::variable).toList();
        List<String> sentences = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !isService(name) && !variables.contains(name)) {
                String similar = SimilarName.of(name, variables);
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
}
