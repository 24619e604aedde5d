package io.gocacheserver.adapter.cli;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.auth.GitHubIdentity;
import io.gocacheserver.adapter.auth.Token;
import io.gocacheserver.adapter.auth.TokenFileName;
import io.gocacheserver.adapter.http.target.ProxySettings;
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
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Reads flags ({@code --flag value}, {@code --flag=value}, with one dash or two) and the environment. */
public final class CommandLine {

    private final Map<String, String> environment;
    private final @Nullable File directory;
    private final Map<Setting, String> given = new EnumMap<>(Setting.class);

    private CommandLine(Map<String, String> environment, @Nullable File directory) {
        this.environment = environment;
        this.directory = directory;
    }

    /**
     * Reads the command line of this process.
     *
     * @param defaultCacheDir where the cache lies by default; asked only then
     */
    public static Invocation parse(
            String[] args, Map<String, String> environment, CacheDirectory defaultCacheDir)
            throws UsageException {
        return parse(args, environment, defaultCacheDir, null);
    }

    /**
     * Reads the command line of another process.
     *
     * @param defaultCacheDir where the cache lies by default; asked only then
     * @param directory the directory that file names are relative to, or null for this process's
     */
    public static Invocation parse(
            String[] args,
            Map<String, String> environment,
            CacheDirectory defaultCacheDir,
            @Nullable File directory)
            throws UsageException {
        CommandLine line = new CommandLine(environment, directory);
        int flags = 0;
        while (flags < args.length && !args[flags].startsWith("-")) {
            flags++;
        }
        for (int i = flags; i < args.length; i++) {
            switch (args[i]) {
                case "--help", "-help", "-h" -> {
                    return new Invocation.Help();
                }
                case "--version", "-version" -> {
                    return new Invocation.Version();
                }
                default -> i = line.take(args, i);
            }
        }
        if (flags > 0 && flags <= 2 && args[0].equals("stable-times")) {
            return new Invocation.StableTimes(flags == 2 ? args[1] : "");
        }
        if (flags > 0 && flags <= 2 && args[0].equals("explain")) {
            return new Invocation.Explain(line.options(defaultCacheDir), flags == 2 ? args[1] : "");
        }
        return line.invocation(String.join(" ", Arrays.copyOf(args, flags)), defaultCacheDir);
    }

    private Invocation invocation(String command, CacheDirectory defaultCacheDir)
            throws UsageException {
        return switch (command) {
            case "" -> new Invocation.Session(options(defaultCacheDir));
            case "serve" ->
                    new Invocation.Serve(
                            residentOptions(),
                            value(Setting.SERVER).isEmpty() ? null : options(defaultCacheDir));
            case "stop" -> new Invocation.Stop(residentOptions());
            case "ci start" ->
                    new Invocation.CiStart(
                            residentOptions(),
                            options(defaultCacheDir),
                            bool(Setting.STABLE_TIMES));
            case "ci stop" -> new Invocation.CiStop(residentOptions());
            case "doctor" -> new Invocation.Doctor(options(defaultCacheDir), residentOptions());
            case "restore" -> new Invocation.Restore(options(defaultCacheDir));
            case "save" -> new Invocation.Save(options(defaultCacheDir));
            case "help" -> new Invocation.Help();
            case "version" -> new Invocation.Version();
            default ->
                    throw new UsageException(
                            "unknown command \""
                                    + command
                                    + "\": serve, stop, ci start, ci stop, stable-times, restore, save, explain and doctor are known");
        };
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
            String similar =
                    SimilarName.of(
                            name, Arrays.stream(Setting.values()).map(Setting::flag).toList());
            throw new UsageException(
                    "unknown flag --"
                            + name
                            + (similar == null ? "" : ": is --" + similar + " meant?"));
        }
        if (equals >= 0) {
            given.put(setting, flag.substring(equals + 1));
            return index;
        }
        if (setting.isSwitch()) {
            given.put(setting, "true");
            return index;
        }
        if (index + 1 == args.length) {
            throw new UsageException("flag " + argument + " needs a value");
        }
        given.put(setting, args[index + 1]);
        return index + 1;
    }

    private Options options(CacheDirectory defaultCacheDir) throws UsageException {
        String server = value(Setting.SERVER);
        if (server.isEmpty()) {
            throw new UsageException(
                    "no server: pass --server URL or set CACHESERVER_URL, like http://host:8080");
        }
        ServiceUrl url = serviceUrl(server);
        return new Options(
                url,
                credential(url),
                cacheDir(defaultCacheDir),
                size(Setting.CACHE_MAX_SIZE),
                mode(),
                bool(Setting.SHARE_TESTS),
                new Options.Network(
                        Timeouts.within(positive(Setting.REQUEST_TIMEOUT)), tlsFiles(), proxy(url)),
                duration(Setting.DRAIN_TIMEOUT),
                duration(Setting.TIME_BUDGET),
                new Options.Prefetch(size(Setting.PREFETCH_MAX_BYTES), text(Setting.PROFILE)),
                new Options.Report(
                        value(Setting.QUIET).isEmpty() ? null : bool(Setting.QUIET),
                        bool(Setting.VERBOSE),
                        bool(Setting.STATS),
                        file(Setting.STATS_FILE),
                        !reportBuilds().equals("false"),
                        reportBuilds().equals("true")));
    }

    private ResidentOptions residentOptions() throws UsageException {
        return new ResidentOptions(
                text(Setting.SOCKET),
                duration(Setting.IDLE_TIMEOUT),
                isGiven(Setting.DRAIN_TIMEOUT) ? duration(Setting.DRAIN_TIMEOUT) : null);
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
            default ->
                    throw new UsageException(
                            Setting.MODE
                                    + " is \""
                                    + value(Setting.MODE)
                                    + "\", not read-write, read-only or write-only");
        };
    }

    private boolean isGiven(Setting setting) {
        String variable = environment.get(setting.variable());
        return given.containsKey(setting) || (variable != null && !variable.isEmpty());
    }

    private @Nullable String text(Setting setting) {
        String text = value(setting);
        return text.isEmpty() ? null : text;
    }

    private String value(Setting setting) {
        String flag = given.get(setting);
        if (flag != null) {
            return flag;
        }
        String variable = environment.get(setting.variable());
        return variable == null || variable.isEmpty() ? setting.defaultValue() : variable;
    }

    private ServiceUrl serviceUrl(String text) throws UsageException {
        try {
            return ServiceUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(Setting.SERVER, e);
        }
    }

    private TlsFiles tlsFiles() throws UsageException {
        String system = environment.get("SSL_CERT_FILE");
        String certificate = file(Setting.CLIENT_CERT);
        String key = file(Setting.CLIENT_KEY);
        if (key != null && certificate == null) {
            throw new UsageException(Setting.CLIENT_KEY + " needs " + Setting.CLIENT_CERT);
        }
        return new TlsFiles(
                system == null || system.isEmpty() ? null : system,
                file(Setting.CA_FILE),
                certificate,
                key == null ? certificate : key);
    }

    private @Nullable ProxyUrl proxy(ServiceUrl url) throws UsageException {
        try {
            return ProxySettings.proxyFor(url, environment);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** The credential that was given, the most explicit one first. */
    private @Nullable Credential credential(ServiceUrl url) throws UsageException {
        String token = value(Setting.TOKEN);
        if (!token.isEmpty()) {
            try {
                return new Token(token);
            } catch (IllegalArgumentException e) {
                throw invalid(Setting.TOKEN, e);
            }
        }
        String file = value(Setting.TOKEN_FILE);
        if (!file.isEmpty()) {
            return new TokenFileName(absolute(file));
        }
        String issuer = environment.getOrDefault(GitHubIdentity.REQUEST_URL, "");
        String allowance = environment.getOrDefault(GitHubIdentity.REQUEST_TOKEN, "");
        String audience = audience(url);
        if (!issuer.isEmpty() && !allowance.isEmpty() && !audience.isEmpty()) {
            return gitHub(issuer, allowance, audience);
        }
        return new File(TokenFileName.PROJECTED).exists()
                ? new TokenFileName(TokenFileName.PROJECTED)
                : null;
    }

    /** Whom an identity token is for, so that this service alone can use it; empty if none is wanted. */
    private String audience(ServiceUrl url) {
        String given = value(Setting.OIDC_AUDIENCE);
        if (given.isEmpty()) {
            return url.socket() == null ? url.toString() : "";
        }
        return given.equals("none") ? "" : given;
    }

    private GitHubIdentity gitHub(String issuer, String allowance, String audience)
            throws UsageException {
        try {
            ServiceUrl endpoint = GitHubIdentity.endpoint(issuer);
            return GitHubIdentity.of(
                    issuer, allowance, audience, ProxySettings.proxyFor(endpoint, environment));
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    GitHubIdentity.REQUEST_URL + " or its token: " + e.getMessage());
        }
    }

    private String cacheDir(CacheDirectory defaultCacheDir) throws UsageException {
        String chosen = value(Setting.CACHE_DIR);
        return chosen.isEmpty() ? defaultCacheDir.path() : absolute(chosen);
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

    private Duration positive(Setting setting) throws UsageException {
        Duration duration = duration(setting);
        if (duration.toMillis() == 0) {
            throw new UsageException(setting + " must be at least 1ms");
        }
        return duration;
    }

    private Duration duration(Setting setting) throws UsageException {
        try {
            return GoDuration.parse(value(setting));
        } catch (IllegalArgumentException e) {
            throw invalid(setting, e);
        }
    }

    /** Bytes, or 0 if nothing is set. */
    private long size(Setting setting) throws UsageException {
        String text = value(setting);
        try {
            return text.isEmpty() ? 0 : ByteSize.valueOf(text).bytes();
        } catch (IllegalArgumentException e) {
            throw invalid(setting, e);
        }
    }

    private boolean bool(Setting setting) throws UsageException {
        return switch (value(setting)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default ->
                    throw new UsageException(
                            setting + " is \"" + value(setting) + "\", not true or false");
        };
    }

    private static UsageException invalid(Setting setting, IllegalArgumentException reason) {
        return new UsageException(setting + ": " + reason.getMessage());
    }
}
