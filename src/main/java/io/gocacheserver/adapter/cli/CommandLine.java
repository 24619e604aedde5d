package io.gocacheserver.adapter.cli;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.cli.Invocation.Command;
import io.gocacheserver.adapter.http.target.ProxyUrl;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.text.GoDuration;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.SimilarName;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads flags ({@code --flag value}, {@code --flag=value}, with one dash or two) and the environment. */
public final class CommandLine {

    private final Map<String, String> environment;
    private final @Nullable File directory;
    private final Map<Setting, String> given = new EnumMap<>(Setting.class);
    private String asked = ""; // whose value was read last, for what is wrong with it

    private CommandLine(Map<String, String> environment, @Nullable File directory) {
        this.environment = environment;
        this.directory = directory;
    }

    /** Reads the command line of this process. */
    public static Invocation parse(String[] args, Map<String, String> environment)
            throws UsageException {
        return parse(args, environment, null);
    }

    /**
     * Reads the command line of another process.
     *
     * @param directory the directory that file names are relative to, or null for this process's
     */
    public static Invocation parse(
            String[] args, Map<String, String> environment, @Nullable File directory)
            throws UsageException {
        int last = args.length - 1;
        if (last > 0
                && args[0].equals("goauth")
                && args[last].startsWith("https://")
                && !args[last - 1].endsWith("-server")) {
            // The Go command adds the URL that was refused.
            return parse(Arrays.copyOf(args, last), environment, directory);
        }
        CommandLine line = new CommandLine(environment, directory);
        int flags = 0;
        while (flags < args.length && !args[flags].startsWith("-")) {
            flags++;
        }
        for (int i = flags; i < args.length; i++) {
            if (List.of("--help", "-help", "-h").contains(args[i])) {
                return line.invocation(Command.HELP, "");
            }
            if (List.of("--version", "-version").contains(args[i])) {
                return line.invocation(Command.VERSION, "");
            }
            i = line.take(args, i);
        }
        boolean hasOperand =
                flags == 2 && (args[0].equals("stable-times") || args[0].equals("explain"));
        int words = hasOperand ? 1 : flags;
        return line.invocation(
                Command.of(String.join(" ", Arrays.copyOf(args, words))),
                hasOperand ? args[1] : "");
    }

    private Invocation invocation(Command command, String operand) throws UsageException {
        boolean hasOptions =
                command.needsServer
                        || (command == Command.SERVE && !value(Setting.SERVER).isEmpty());
        boolean isStart = command == Command.CI_START;
        try {
            return new Invocation(
                    command,
                    hasOptions ? options() : null,
                    command.hasResident ? resident() : Options.Resident.NONE,
                    isStart && bool(Setting.STABLE_TIMES),
                    isStart ? sessionFlags() : List.of(),
                    operand);
        } catch (IllegalArgumentException e) {
            throw new UsageException(asked + e.getMessage());
        }
    }

    /** Takes the flag at {@code index}; the index of the last argument that belongs to it. */
    private int take(String[] args, int index) throws UsageException {
        String argument = args[index];
        if (!argument.startsWith("-")) {
            throw new UsageException("unexpected argument \"" + argument + '"');
        }
        String flag = argument.substring(argument.startsWith("--") ? 2 : 1);
        int equals = flag.indexOf('=');
        String name = equals < 0 ? flag : flag.substring(0, equals);
        Setting setting = Setting.ofFlag(name);
        if (setting == null) {
            List<String> flags = Arrays.stream(Setting.values()).map(Setting::flag).toList();
            String similar = SimilarName.of(name, flags);
            String meant = similar == null ? "" : ": is --" + similar + " meant?";
            throw new UsageException("unknown flag --" + name + meant);
        }
        if (equals >= 0 || setting.isSwitch()) {
            given.put(setting, equals < 0 ? "true" : flag.substring(equals + 1));
            return index;
        }
        if (index + 1 == args.length) {
            throw new UsageException("flag " + argument + " needs a value");
        }
        given.put(setting, args[index + 1]);
        return index + 1;
    }

    /** Without the token, which must not be seen by {@code ps}, and without those for the resident process. */
    private List<String> sessionFlags() {
        Set<Setting> not =
                EnumSet.of(
                        Setting.TOKEN,
                        Setting.STABLE_TIMES,
                        Setting.SOCKET,
                        Setting.IDLE_TIMEOUT,
                        Setting.RESIDENT);
        List<String> flags = new ArrayList<>();
        given.forEach(
                (setting, value) -> {
                    if (!not.contains(setting)) {
                        boolean isFile = setting.isFile() && !value.isEmpty();
                        flags.add("--" + setting.flag() + '=' + (isFile ? absolute(value) : value));
                    }
                });
        return flags;
    }

    private Options options() throws UsageException {
        Duration requestTimeout = duration(Setting.REQUEST_TIMEOUT);
        if (requestTimeout.toMillis() == 0) {
            throw new UsageException(Setting.REQUEST_TIMEOUT + " must be at least 1ms");
        }
        String server = value(Setting.SERVER);
        if (server.isEmpty()) {
            throw new UsageException(
                    "no server: pass --server URL or set CACHESERVER_URL, like http://host:8080");
        }
        ServiceUrl url = ServiceUrl.parse(server);
        asked = "";
        ProxyUrl proxy = ProxyUrl.of(url, environment);
        return new Options(
                url,
                credential(url),
                cacheDir(),
                size(Setting.CACHE_MAX_SIZE),
                mode(),
                bool(Setting.SHARE_TESTS),
                new Options.Network(Timeouts.within(requestTimeout), tlsFiles(), proxy),
                duration(Setting.DRAIN_TIMEOUT),
                duration(Setting.TIME_BUDGET),
                size(Setting.PREFETCH_MAX_BYTES),
                text(Setting.PROFILE),
                new Options.Report(
                        value(Setting.QUIET).isEmpty() ? null : bool(Setting.QUIET),
                        bool(Setting.VERBOSE),
                        bool(Setting.STATS),
                        file(Setting.STATS_FILE),
                        !reportBuilds().equals("false"),
                        reportBuilds().equals("true")));
    }

    private Options.Resident resident() {
        boolean drains =
                given.containsKey(Setting.DRAIN_TIMEOUT)
                        || !variable(Setting.DRAIN_TIMEOUT.variable()).isEmpty();
        return new Options.Resident(
                text(Setting.SOCKET),
                duration(Setting.IDLE_TIMEOUT),
                drains ? duration(Setting.DRAIN_TIMEOUT) : null);
    }

    private String reportBuilds() throws UsageException {
        return value(Setting.REPORT_BUILDS).equals("unnamed")
                ? "unnamed"
                : Boolean.toString(bool(Setting.REPORT_BUILDS));
    }

    private Mode mode() throws UsageException {
        return switch (value(Setting.MODE)) {
            case "read-write" -> Mode.READ_WRITE;
            case "read-only" -> Mode.READ_ONLY;
            case "write-only" -> Mode.WRITE_ONLY;
            default -> throw isNot(Setting.MODE, "read-write, read-only or write-only");
        };
    }

    private TlsFiles tlsFiles() throws UsageException {
        String system = variable("SSL_CERT_FILE");
        String certificate = file(Setting.CLIENT_CERT);
        String key = file(Setting.CLIENT_KEY);
        if (key != null && certificate == null) {
            throw new UsageException(Setting.CLIENT_KEY + " needs " + Setting.CLIENT_CERT);
        }
        return new TlsFiles(
                system.isEmpty() ? null : system,
                file(Setting.CA_FILE),
                certificate,
                key == null ? certificate : key);
    }

    /** The credential that was given, the most explicit one first. */
    private @Nullable Credential credential(ServiceUrl url) {
        if (!value(Setting.TOKEN).isEmpty()) {
            return new Credential.Token(value(Setting.TOKEN));
        }
        String file = value(Setting.TOKEN_FILE);
        if (!file.isEmpty()) {
            return new Credential.TokenFile(absolute(file));
        }
        String issuer = variable(Credential.GitHub.REQUEST_URL);
        String allowance = variable(Credential.GitHub.REQUEST_TOKEN);
        String audience = audience(url);
        if (!issuer.isEmpty() && !allowance.isEmpty() && !audience.isEmpty()) {
            asked = Credential.GitHub.REQUEST_URL + " or its token: ";
            return Credential.GitHub.of(issuer, allowance, audience, environment);
        }
        return new File(Credential.TokenFile.PROJECTED).exists()
                ? new Credential.TokenFile(Credential.TokenFile.PROJECTED)
                : null;
    }

    /** Whom an identity token is for, so that this service alone can use it; empty if none is wanted. */
    private String audience(ServiceUrl url) {
        String audience = value(Setting.OIDC_AUDIENCE);
        if (audience.isEmpty()) {
            return url.socket() == null ? url.toString() : "";
        }
        return audience.equals("none") ? "" : audience;
    }

    private String cacheDir() throws UsageException {
        String chosen = value(Setting.CACHE_DIR);
        return chosen.isEmpty()
                ? goCache(environment, System.getProperty("os.name"))
                : absolute(chosen);
    }

    /**
     * The directory that {@code go env GOCACHE} names, found without running {@code go}: cmd/go sets {@code GOCACHE} for its
     * children; otherwise it is {@code go-build} in what Go's {@code os.UserCacheDir} returns.
     *
     * @param osName as the system property {@code os.name}
     */
    static String goCache(Map<String, String> environment, String osName) throws UsageException {
        if (!environment.getOrDefault("GOCACHE", "").isEmpty()) {
            return absolutePath(environment, "GOCACHE");
        }
        String parent;
        if (osName.startsWith("Windows")) {
            parent = absolutePath(environment, "LocalAppData");
        } else if (osName.startsWith("Mac")) {
            parent = absolutePath(environment, "HOME") + "/Library/Caches";
        } else if (!environment.getOrDefault("XDG_CACHE_HOME", "").isEmpty()) {
            parent = absolutePath(environment, "XDG_CACHE_HOME");
        } else {
            parent = absolutePath(environment, "HOME") + "/.cache";
        }
        return parent + File.separatorChar + "go-build";
    }

    private static String absolutePath(Map<String, String> environment, String variable)
            throws UsageException {
        String value = environment.getOrDefault(variable, "");
        if (!new File(value).isAbsolute()) {
            throw new UsageException(
                    value.isEmpty()
                            ? "no cache directory: neither GOCACHE nor %s is set; pass --cache-dir"
                                    .formatted(variable)
                            : "%s is \"%s\", which is no absolute path: correct it or pass --cache-dir"
                                    .formatted(variable, value));
        }
        return value;
    }

    private @Nullable String file(Setting setting) {
        String name = text(setting);
        return name == null || directory == null ? name : absolute(name);
    }

    private String absolute(String name) {
        File file = new File(name);
        return directory == null || file.isAbsolute()
                ? file.getAbsolutePath()
                : new File(directory, name).getPath();
    }

    private Duration duration(Setting setting) {
        return GoDuration.parse(value(setting));
    }

    /** Bytes, or 0 if nothing is set. */
    private long size(Setting setting) {
        return value(setting).isEmpty() ? 0 : ByteSize.valueOf(value(setting)).bytes();
    }

    private boolean bool(Setting setting) throws UsageException {
        return switch (value(setting)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw isNot(setting, "true or false");
        };
    }

    private UsageException isNot(Setting setting, String allowed) {
        return new UsageException(setting + " is \"" + value(setting) + "\", not " + allowed);
    }

    private @Nullable String text(Setting setting) {
        String text = value(setting);
        return text.isEmpty() ? null : text;
    }

    private String value(Setting setting) {
        asked = setting + ": ";
        String flag = given.get(setting);
        if (flag != null) {
            return flag;
        }
        String variable = variable(setting.variable());
        return variable.isEmpty() ? setting.defaultValue() : variable;
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
