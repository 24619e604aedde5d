package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

/** Every setting, once: its flag, environment variable, default and meaning. The flag wins over the variable. */
enum Setting {
    SERVER(
            "server",
            "CACHESERVER_URL",
            "URL",
            "",
            "where the service is, like http://host:8080 or unix:///run/cache.sock"),
    TOKEN(
            "token",
            "CACHESERVER_TOKEN",
            "TOKEN",
            "",
            "bearer token; better passed by environment, where ps does not show it"),
    TOKEN_FILE(
            "token-file",
            "CACHESERVER_TOKENFILE",
            "FILE",
            "",
            "file with the token, read again when it changes (see docs/adapter.md for its default)"),
    OIDC_AUDIENCE(
            "oidc-audience",
            "CACHESERVER_OIDCAUDIENCE",
            "NAME",
            "",
            "whom GitHub Actions issues the job's token for (default: the server's URL); none: no token"),
    CACHE_DIR(
            "cache-dir",
            "CACHESERVER_CACHEDIR",
            "DIR",
            "",
            "local cache directory (default: the one that 'go env GOCACHE' names)"),
    CACHE_MAX_SIZE(
            "cache-max-size",
            "CACHESERVER_CACHEMAXSIZE",
            "SIZE",
            "",
            "largest local cache, like 10GB; beyond it the least recently used goes (default: no limit)"),
    MODE(
            "mode",
            "CACHESERVER_MODE",
            "MODE",
            "read-write",
            "read-write, read-only (no uploads) or write-only (no fetches)"),
    CA_FILE(
            "ca-file",
            "CACHESERVER_CAFILE",
            "FILE",
            "",
            "certificates in PEM to trust besides Java's own"),
    CLIENT_CERT(
            "client-cert",
            "CACHESERVER_CLIENTCERT",
            "FILE",
            "",
            "client certificate in PEM, with its chain"),
    CLIENT_KEY(
            "client-key",
            "CACHESERVER_CLIENTKEY",
            "FILE",
            "",
            "its private key in PEM, PKCS #8 without password (default: the file of --client-cert)"),
    REQUEST_TIMEOUT(
            "request-timeout",
            "CACHESERVER_REQUESTTIMEOUT",
            "DURATION",
            "30s",
            "longest time for a whole request; an upload has a second more for each MiB"),
    DRAIN_TIMEOUT(
            "drain-timeout",
            "CACHESERVER_DRAINTIMEOUT",
            "DURATION",
            "10s",
            "longest wait for uploads at the end of a build"),
    TIME_BUDGET(
            "time-budget",
            "CACHESERVER_TIMEBUDGET",
            "DURATION",
            "10s",
            "longest time that a build waits in vain for the service; 0: any"),
    PREFETCH_MAX_BYTES(
            "prefetch-max-bytes",
            "CACHESERVER_PREFETCHMAXBYTES",
            "SIZE",
            "1GB",
            "most bytes on the wire that are fetched before they are asked for; 0: none"),
    PROFILE(
            "profile",
            "CACHESERVER_PROFILE",
            "NAME",
            "",
            "name for builds that differ in ways the service cannot see, such as jobs of a pipeline"),
    STATS("stats", "CACHESERVER_STATS", "", "false", "sum up in one line at the end, on stderr"),
    STATS_FILE(
            "stats-file",
            "CACHESERVER_STATSFILE",
            "FILE",
            "",
            "append what was done as one line of JSON to this file"),
    REPORT_BUILDS(
            "report-builds",
            "CACHESERVER_REPORTBUILDS",
            "BOOL",
            "true",
            "tell the service behind each build what it did, for the service's status page"),
    RESIDENT(
            "resident",
            "CACHESERVER_RESIDENT",
            "WHEN",
            "use",
            "resident process: use (if one runs), start (one if none runs) or off"),
    SOCKET(
            "socket",
            "CACHESERVER_SOCKET",
            "FILE",
            "",
            "Unix socket of the resident process (default: in $XDG_RUNTIME_DIR or ~/.cache)"),
    IDLE_TIMEOUT(
            "idle-timeout",
            "CACHESERVER_IDLETIMEOUT",
            "DURATION",
            "30m",
            "serve: end after so long without a build; 0 for never"),
    QUIET(
            "quiet",
            "CACHESERVER_QUIET",
            "",
            "",
            "say nothing of failures on stderr; --quiet=false: say it always (default: to a terminal)"),
    VERBOSE(
            "verbose",
            "CACHESERVER_VERBOSE",
            "",
            "false",
            "trace each request on stderr, and sum up at the end");

    private final String flag;
    private final String variable;
    private final String placeholder;
    private final String defaultValue;
    private final String meaning;

    Setting(String flag, String variable, String placeholder, String defaultValue, String meaning) {
        this.flag = flag;
        this.variable = variable;
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
        return variable;
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
        return "--" + flag + " (" + variable + ")";
    }
}
