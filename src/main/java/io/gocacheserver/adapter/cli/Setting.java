package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.Nullable;

/** Every setting, once: its flag, environment variable, default and meaning. The flag wins over the variable. */
enum Setting {
    SERVER("server", "CACHESERVER_URL", "URL", "", "where the service is, like http://host:8080"),
    TOKEN(
            "token",
            "CACHESERVER_TOKEN",
            "TOKEN",
            "",
            "bearer token; better passed by environment, where ps does not show it"),
    CACHE_DIR(
            "cache-dir",
            "CACHESERVER_CACHEDIR",
            "DIR",
            "",
            "local cache directory (default: the one that 'go env GOCACHE' names)"),
    CONNECT_TIMEOUT(
            "connect-timeout",
            "CACHESERVER_CONNECTTIMEOUT",
            "DURATION",
            "1s",
            "longest wait for a connection"),
    READ_TIMEOUT(
            "read-timeout",
            "CACHESERVER_READTIMEOUT",
            "DURATION",
            "5s",
            "longest silence of the service within a request"),
    REQUEST_TIMEOUT(
            "request-timeout",
            "CACHESERVER_REQUESTTIMEOUT",
            "DURATION",
            "30s",
            "longest time for a whole request; a second for each MiB comes on top"),
    DRAIN_TIMEOUT(
            "drain-timeout",
            "CACHESERVER_DRAINTIMEOUT",
            "DURATION",
            "10s",
            "longest wait for uploads at the end of a build"),
    UPLOAD_CONCURRENCY(
            "upload-concurrency", "CACHESERVER_UPLOADCONCURRENCY", "N", "4", "uploads at once"),
    UPLOAD_QUEUE(
            "upload-queue",
            "CACHESERVER_UPLOADQUEUE",
            "N",
            "10000",
            "uploads that may wait; further ones are dropped, and counted"),
    MAX_CONNECTIONS(
            "max-connections",
            "CACHESERVER_MAXCONNECTIONS",
            "N",
            "20",
            "connections at once, those of uploads included"),
    BREAKER_FAILURES(
            "breaker-failures",
            "CACHESERVER_BREAKERFAILURES",
            "N",
            "3",
            "failures in a row after which the service is not asked for a while"),
    BREAKER_PAUSE(
            "breaker-pause",
            "CACHESERVER_BREAKERPAUSE",
            "DURATION",
            "10s",
            "how long it is not asked at first; doubles up to eightfold"),
    VERBOSE(
            "verbose",
            "CACHESERVER_VERBOSE",
            "",
            "false",
            "trace each request, and sum up at the end, on stderr");

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

    /** What the value is, for help; empty for a switch, which needs none. */
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
