package io.gocacheserver.adapter.cli;

import io.gocacheserver.model.SimilarName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Every setting, once: its flag follows from the name, and its variable from the flag, which wins over it. */
public enum Setting {
    SERVER("URL", ""),
    TOKEN("TOKEN", ""),
    TOKEN_FILE("FILE", ""),
    OIDC_AUDIENCE("NAME", ""),
    CACHE_DIR("DIR", ""),
    CACHE_MAX_SIZE("SIZE", ""),
    MODE("MODE", "read-write"),
    CA_FILE("FILE", ""),
    CLIENT_CERT("FILE", ""),
    CLIENT_KEY("FILE", ""),
    REQUEST_TIMEOUT("DURATION", "30s"),
    DRAIN_TIMEOUT("DURATION", "10s"),
    TIME_BUDGET("DURATION", "10s"),
    PREFETCH_MAX_BYTES("SIZE", "1GB"),
    PROFILE("NAME", ""),
    SHARE_TESTS("BOOL", "true"),
    STATS("", "false"),
    STATS_FILE("FILE", ""),
    REPORT_BUILDS("WHAT", "true"),
    STABLE_TIMES("BOOL", "true"),
    RESIDENT("WHEN", "use"),
    SOCKET("FILE", ""),
    IDLE_TIMEOUT("DURATION", "30m"),
    QUIET("", ""),
    VERBOSE("", "false");

    private static final String PREFIX = "CACHESERVER_";
    private static final int FLAG_WIDTH = 31;

    private final String placeholder;
    private final String defaultValue;

    /** @param placeholder the kind of value, for help; empty for a switch, which needs none */
    Setting(String placeholder, String defaultValue) {
        this.placeholder = placeholder;
        this.defaultValue = defaultValue;
    }

    static @Nullable Setting ofFlag(String flag) {
        for (Setting setting : values()) {
            if (setting.flag().equals(flag)) {
                return setting;
            }
        }
        return null;
    }

    String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String variable() {
        return this == SERVER ? "CACHESERVER_URL" : PREFIX + name().replace("_", "");
    }

    boolean isSwitch() {
        return placeholder.isEmpty();
    }

    boolean isFile() {
        return placeholder.equals("FILE") || placeholder.equals("DIR");
    }

    String defaultValue() {
        return defaultValue;
    }

    @Override
    public String toString() {
        return "--" + flag() + " (" + variable() + ")";
    }

    public static String help() {
        StringBuilder text =
                new StringBuilder(
                        """
                        go-cache-adapter lets the Go command use a go-cache-server.

                          export GOCACHEPROG="go-cache-adapter --server http://host:8080"
                          go build ./...

                        Commands:
                          serve, stop           the resident process: start it, drain and end it
                          ci start, ci stop     the same for a CI job
                          stable-times [DIR]    give the files of a Git checkout times that follow from
                                                their content, so that results of tests are found
                          restore, save         fill GOCACHE from the service, send what is new, for
                                                builds without GOCACHEPROG
                          goauth                for GOAUTH: the token, for modules from the service
                          explain [BUILD]       why packages missed, of the last build here or of any
                                                by its number
                          doctor                check service, token, clock, directory and Go

                        Flags, each followed by its environment variable (the flag wins):
                        """);
        for (String line : meanings().lines().toList()) {
            Setting setting = valueOf(line.substring(0, line.indexOf(':')));
            String flag = "  --" + setting.flag() + ' ' + setting.placeholder;
            text.append(flag).repeat(' ', Math.max(1, FLAG_WIDTH - flag.length()));
            text.append(setting.variable()).append("\n      ");
            text.append(line.substring(line.indexOf(':') + 2));
            if (!setting.defaultValue.isEmpty() && !setting.isSwitch()) {
                text.append(" (default ").append(setting.defaultValue).append(')');
            }
            text.append('\n');
        }
        return text.append(
                        """
                          --help, --version

                        Durations are written as in Go: 500ms, 10s, 1m30s.
                        Exit codes: 0 done; 1 no usable cache directory, no Java, or stdin is not the
                        Go command's protocol; 2 wrong flags or settings.
                        """)
                .toString();
    }

    private static String meanings() {
        return """
        SERVER: where the service is, like http://host:8080 or unix:///run/cache.sock
        TOKEN: bearer token; better passed by environment, where ps does not show it
        TOKEN_FILE: file with the token, read again when it changes (see docs/adapter.md for its default)
        OIDC_AUDIENCE: whom GitHub Actions issues the job's token for (default: the server's URL); none: no token
        CACHE_DIR: local cache directory (default: the one that 'go env GOCACHE' names)
        CACHE_MAX_SIZE: largest local cache, like 10GB; beyond it the least recently used goes (default: no limit)
        MODE: read-write, read-only (no uploads) or write-only (no fetches)
        CA_FILE: certificates in PEM to trust besides Java's own
        CLIENT_CERT: client certificate in PEM, with its chain
        CLIENT_KEY: its private key in PEM, PKCS #8 without password (default: the file of --client-cert)
        REQUEST_TIMEOUT: longest time for a whole request; an upload has a second more for each MiB
        DRAIN_TIMEOUT: longest wait for uploads at the end of a build
        TIME_BUDGET: longest time that a build waits in vain for the service; 0: any
        PREFETCH_MAX_BYTES: most bytes on the wire that are fetched before they are asked for; 0: none
        PROFILE: name for builds that differ in ways the service cannot see, such as jobs of a pipeline
        SHARE_TESTS: whether results of tests are sent to the service, and taken from it
        STATS: sum up in one line at the end, on stderr
        STATS_FILE: append what was done as one line of JSON to this file
        REPORT_BUILDS: tell the service behind each build what it did; unnamed: not of which packages
        STABLE_TIMES: ci start: give the checkout's files times that follow from their content
        RESIDENT: resident process: use (if one runs), start (one if none runs) or off
        SOCKET: Unix socket of the resident process (default: in $XDG_RUNTIME_DIR or ~/.cache)
        IDLE_TIMEOUT: serve: end after so long without a build; 0 for never
        QUIET: say nothing of failures on stderr; --quiet=false: say it always (default: to a terminal)
        VERBOSE: trace each request on stderr, and sum up at the end
        """;
    }

    /**
     * A sentence about each variable that looks like a setting and is none: a misspelt one is ignored without a word otherwise. The service's
     * own settings may be set on the same machine.
     */
    public static List<String> describeUnknown(Map<String, String> environment) {
        List<String> variables = Arrays.stream(values()).map(Setting::variable).toList();
        List<String> sentences = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX)
                    && !variables.contains(name)
                    && !name.matches(
                            PREFIX
                                    + "(ADAPTER|AUTH|DISK|PAGE|PREFETCH|PROFILE|QUOTAS|S3|SHUTDOWN|WEB)_.*")) {
                String similar = SimilarName.of(name, variables);
                sentences.add(
                        name
                                + " is no setting of the adapter, and ignored"
                                + (similar == null ? "" : ": is " + similar + " meant?"));
            }
        }
        return sentences;
    }
}
