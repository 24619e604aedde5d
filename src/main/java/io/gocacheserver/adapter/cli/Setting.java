package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Every setting, once: its flag, default and meaning; the variable follows from the flag, which wins over it. */
enum Setting {
    SERVER(
            "server",
            "URL",
            "",
            "where the service is, like http://host:8080 or unix:///run/cache.sock"),
    TOKEN(
            "token",
            "TOKEN",
            "",
            "bearer token; better passed by environment, where ps does not show it"),
    TOKEN_FILE(
            "token-file",
            "FILE",
            "",
            "file with the token, read again when it changes (see docs/adapter.md for its default)"),
    OIDC_AUDIENCE(
            "oidc-audience",
            "NAME",
            "",
            "whom GitHub Actions issues the job's token for (default: the server's URL); none: no token"),
    CACHE_DIR(
            "cache-dir",
            "DIR",
            "",
            "local cache directory (default: the one that 'go env GOCACHE' names)"),
    CACHE_MAX_SIZE(
            "cache-max-size",
            "SIZE",
            "",
            "largest local cache, like 10GB; beyond it the least recently used goes (default: no limit)"),
    MODE(
            "mode",
            "MODE",
            "read-write",
            "read-write, read-only (no uploads) or write-only (no fetches)"),
    CA_FILE("ca-file", "FILE", "", "certificates in PEM to trust besides Java's own"),
    CLIENT_CERT("client-cert", "FILE", "", "client certificate in PEM, with its chain"),
    CLIENT_KEY(
            "client-key",
            "FILE",
            "",
            "its private key in PEM, PKCS #8 without password (default: the file of --client-cert)"),
    REQUEST_TIMEOUT(
            "request-timeout",
            "DURATION",
            "30s",
            "longest time for a whole request; an upload has a second more for each MiB"),
    DRAIN_TIMEOUT(
            "drain-timeout", "DURATION", "10s", "longest wait for uploads at the end of a build"),
    TIME_BUDGET(
            "time-budget",
            "DURATION",
            "10s",
            "longest time that a build waits in vain for the service; 0: any"),
    PREFETCH_MAX_BYTES(
            "prefetch-max-bytes",
            "SIZE",
            "1GB",
            "most bytes on the wire that are fetched before they are asked for; 0: none"),
    PROFILE(
            "profile",
            "NAME",
            "",
            "name for builds that differ in ways the service cannot see, such as jobs of a pipeline"),
    SHARE_TESTS(
            "share-tests",
            "BOOL",
            "true",
            "whether results of tests are sent to the service, and taken from it"),
    STATS("stats", "", "false", "sum up in one line at the end, on stderr"),
    STATS_FILE("stats-file", "FILE", "", "append what was done as one line of JSON to this file"),
    REPORT_BUILDS(
            "report-builds",
            "WHAT",
            "true",
            "tell the service behind each build what it did; unnamed: not of which packages"),
    STABLE_TIMES(
            "stable-times",
            "BOOL",
            "true",
            "ci start: give the checkout's files times that follow from their content"),
    RESIDENT(
            "resident",
            "WHEN",
            "use",
            "resident process: use (if one runs), start (one if none runs) or off"),
    SOCKET(
            "socket",
            "FILE",
            "",
            "Unix socket of the resident process (default: in $XDG_RUNTIME_DIR or ~/.cache)"),
    IDLE_TIMEOUT(
            "idle-timeout",
            "DURATION",
            "30m",
            "serve: end after so long without a build; 0 for never"),
    QUIET(
            "quiet",
            "",
            "",
            "say nothing of failures on stderr; --quiet=false: say it always (default: to a terminal)"),
    VERBOSE("verbose", "", "false", "trace each request on stderr, and sum up at the end");

    private final String flag;
    private final String placeholder;
    private final String defaultValue;
    private final String meaning;

    Setting(String flag, String placeholder, String defaultValue, String meaning) {
        this.flag = flag;
        this.placeholder = placeholder;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    static @Nullable Setting ofFlag(String flag) {
        for (Setting setting : values()) {
            if (setting.flag.equals(flag)) {
                return setting;
            }
        }
        return null;
    }

    String flag() {
        return flag;
    }

    String variable() {
        return this == SERVER
                ? "CACHESERVER_URL"
                : "CACHESERVER_" + flag.replace("-", "").toUpperCase(Locale.ROOT);
    }

    /** The kind of value, for help; empty for a switch, which needs none. */
    String placeholder() {
        return placeholder;
    }

    boolean isSwitch() {
        return placeholder.isEmpty();
    }

    String defaultValue() {
        return defaultValue;
    }

    String meaning() {
        return meaning;
    }

    @Override
    public String toString() {
        return "--" + flag + " (" + variable() + ")";
    }
}
