package io.gocacheserver.adapter.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the adapter says of its flags and variables. */
public final class AdapterMessages {

    private AdapterMessages() {}

    /**
     * Why a command line is refused, or else the warnings.
     *
     * @param settings each an argument, or {@code VARIABLE=value}
     */
    public static String of(String... settings) {
        List<String> arguments = new ArrayList<>();
        Map<String, String> environment = new HashMap<>(Map.of("GOCACHE", "/go/cache"));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (setting.startsWith("CACHESERVER_")) {
                environment.put(setting.substring(0, equals), setting.substring(equals + 1));
            } else {
                arguments.add(setting);
            }
        }
        try {
            CommandLine.parse(arguments.toArray(String[]::new), environment);
        } catch (UsageException e) {
            return String.valueOf(e.getMessage());
        }
        return String.join("\n", Setting.describeUnknown(environment));
    }

    /** All environment variables that are flags, too. */
    public static List<String> variables() {
        return Arrays.stream(Setting.values()).map(Setting::variable).toList();
    }
}
