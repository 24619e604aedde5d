package io.gocacheserver.adapter.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A build as it is recorded.
 *
 * @param millis when it ended, in milliseconds since 1970
 * @param directory where the Go command ran
 * @param command its command line, or empty
 * @param settings what it was set to that decides about action IDs, by variable; empty values left out
 * @param record what it asked for
 */
record StoredBuild(
        long millis,
        String directory,
        String command,
        Map<String, String> settings,
        BuildRecord record) {

    /** Variables that go into action IDs, as {@code go help environment} lists them. */
    private static final List<String> SETTINGS =
            List.of(
                    "GOVERSION",
                    "GOOS",
                    "GOARCH",
                    "GOFLAGS",
                    "GOEXPERIMENT",
                    "GOROOT",
                    "GO386",
                    "GOAMD64",
                    "GOARM",
                    "GOARM64",
                    "GOMIPS",
                    "GOMIPS64",
                    "GOPPC64",
                    "GORISCV64",
                    "GOWASM",
                    "GOFIPS140",
                    "CGO_ENABLED",
                    "CC",
                    "CXX",
                    "CGO_CFLAGS",
                    "CGO_CPPFLAGS",
                    "CGO_CXXFLAGS",
                    "CGO_LDFLAGS");

    static StoredBuild of(BuildContext context, BuildRecord record, long millis) {
        Map<String, String> settings = new TreeMap<>();
        for (String name : SETTINGS) {
            String value = context.environment().get(name);
            if (value != null && !value.isEmpty()) {
                settings.put(name, value.replace('\n', ' '));
            }
        }
        String command = context.commandText();
        return new StoredBuild(
                millis,
                context.directory().replace('\n', ' '),
                command == null ? "" : command.replace('\n', ' '),
                settings,
                record);
    }

    String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    /** Whether paths are kept out of action IDs. */
    boolean trimsPaths() {
        return command.contains("-trimpath") || setting("GOFLAGS").contains("-trimpath");
    }
}
