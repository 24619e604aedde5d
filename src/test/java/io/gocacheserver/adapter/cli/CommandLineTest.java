package io.gocacheserver.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.cli.Invocation.Command;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.http.target.TlsFiles;
import io.gocacheserver.adapter.text.GoDuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class CommandLineTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("GOCACHE", "/go/cache");

    @Test
    void needsOnlyTheServer() throws UsageException {
        Options options = options(ENVIRONMENT, "--server", "http://cache:8080");

        assertThat(options.server()).hasToString("http://cache:8080");
        assertThat(options.credential()).isNull();
        assertThat(options.cacheDir()).isEqualTo("/go/cache");
        assertThat(options.network().timeouts().connect()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.network().timeouts().read()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.network().timeouts().request()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.drainTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.timeBudget()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.prefetchMaxBytes()).isPositive();
        assertThat(options.prefetchMaxBytes()).isEqualTo(1_000_000_000L);
        assertThat(options.report().verbose()).isFalse();
        assertThat(options.report().toService()).isTrue();
    }

    @Test
    void takesFlagsWithOneDashOrTwoAndValuesBesideOrBehindAnEqualsSign() throws UsageException {
        Options options =
                options(
                        ENVIRONMENT,
                        "-server=http://cache",
                        "-drain-timeout",
                        "1m",
                        "--prefetch-max-bytes=5B",
                        "--cache-dir",
                        "/other",
                        "-verbose");

        assertThat(options.server().port()).isEqualTo(80);
        assertThat(options.drainTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.prefetchMaxBytes()).isEqualTo(5);
        assertThat(options.cacheDir()).isEqualTo("/other");
        assertThat(options.report().verbose()).isTrue();
    }

    @Test
    void takesSettingsFromTheEnvironmentUnlessAFlagSaysOtherwise() throws UsageException {
        Map<String, String> environment =
                Map.of(
                        "CACHESERVER_URL", "http://env",
                        "CACHESERVER_TOKEN", "secret",
                        "CACHESERVER_CACHEDIR", "/env",
                        "CACHESERVER_VERBOSE", "true",
                        "CACHESERVER_REPORTBUILDS", "false",
                        "CACHESERVER_REQUESTTIMEOUT", "42s",
                        "CACHESERVER_TIMEBUDGET", "");
        Options options = options(environment, "--server=http://flag", "--verbose=false");

        assertThat(options.server().host()).isEqualTo("flag");
        assertThat(options.credential()).isEqualTo(new Credential.Token("secret"));
        assertThat(options.cacheDir()).isEqualTo("/env");
        assertThat(options.network().timeouts().read()).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.report().toService()).isFalse();
        assertThat(options.timeBudget()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.report().verbose()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"200ms, 200ms, 200ms", "2s, 1s, 2s", "30s, 1s, 5s", "3m, 6s, 30s"})
    void givesSilenceAndConnectingAShareOfARequestsTime(String request, String connect, String read)
            throws UsageException {
        assertThat(
                        options(ENVIRONMENT, "--server=http://c", "--request-timeout=" + request)
                                .network()
                                .timeouts())
                .isEqualTo(
                        new Timeouts(
                                GoDuration.parse(connect),
                                GoDuration.parse(read),
                                GoDuration.parse(request)));
    }

    @Test
    void fetchesNothingAheadThatMayHaveNoBytes() throws UsageException {
        assertThat(
                        options(ENVIRONMENT, "--server=http://c", "--prefetch-max-bytes=0")
                                .prefetchMaxBytes())
                .isZero();
    }

    @Test
    void hasFewSettings() {
        assertThat(Setting.values())
                .as("each is documented, tested and kept: a constant is better")
                .hasSizeLessThanOrEqualTo(25);
    }

    @Test
    void sharesTestsAndSetsTimesUnlessTold() throws UsageException {
        assertThat(options(ENVIRONMENT, "--server=http://c").shareTests()).isTrue();
        assertThat(options(ENVIRONMENT, "--server=http://c", "--share-tests=false").shareTests())
                .isFalse();
        assertThat(setsTimes(Map.of("CACHESERVER_URL", "http://c"))).isTrue();
        assertThat(
                        setsTimes(
                                Map.of(
                                        "CACHESERVER_URL", "http://c",
                                        "CACHESERVER_STABLETIMES", "false")))
                .isFalse();
    }

    private static boolean setsTimes(Map<String, String> environment) throws UsageException {
        Invocation start = parse(environment, "ci", "start", "--cache-dir=/c");
        return start.stableTimes();
    }

    @Test
    void stableTimesNeedsNoServerAndTakesADirectory() throws UsageException {
        assertThat(parse(Map.of(), "stable-times").command()).isEqualTo(Command.STABLE_TIMES);
        assertThat(parse(Map.of(), "stable-times").operand()).isEmpty();
        assertThat(parse(Map.of(), "stable-times", "a b").operand()).isEqualTo("a b");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> parse(Map.of(), "stable-times", "a", "b"));
    }

    @Test
    void neverTellsTheToken() throws UsageException {
        assertThat(options(ENVIRONMENT, "--server=http://c", "--token=secret").toString())
                .doesNotContain("secret");
    }

    @Test
    void prefersATokenToAFileAndAFileToGitHub() throws UsageException {
        Map<String, String> github =
                Map.of(
                        "ACTIONS_ID_TOKEN_REQUEST_URL", "https://issuer.example/id?x=1",
                        "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "allowance",
                        "CACHESERVER_URL", "https://cache.example.com/",
                        "HOME", "/home/u");

        assertThat(options(github, "--token=t", "--token-file=/f").credential())
                .isEqualTo(new Credential.Token("t"));
        assertThat(options(github, "--token-file=/f").credential())
                .isEqualTo(new Credential.TokenFile("/f"));
        Options options = options(github);
        assertThat(options.credential())
                .isInstanceOfSatisfying(
                        Credential.GitHub.class,
                        identity -> {
                            assertThat(identity.audience()).isEqualTo("https://cache.example.com");
                            assertThat(identity.query()).isEqualTo("x=1");
                        });
        assertThat(options.toString()).doesNotContain("allowance");
        assertThat(options(github, "--oidc-audience=none").credential()).isNull();
        assertThat(options(github, "--server=unix:///run/cache.sock").credential()).isNull();
    }

    @Test
    void asksForTheServer() {
        fails("no server: pass --server URL or set CACHESERVER_URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "--sever=http://c",
                "--token",
                "--token=two words",
                "--server=cache:8080",
                "--request-timeout=5",
                "--request-timeout=0",
                "--upload-queue=5",
                "--cache-max-size=big",
                "--verbose=perhaps"
            })
    void refusesAWrongArgumentAndNamesIt(String argument) {
        String flag = argument.replaceFirst("=.*", "");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> options(ENVIRONMENT, "--server=http://c", argument))
                .withMessageContaining(flag);
    }

    @Test
    void readsTheLargestSizeOfTheCache() throws UsageException {
        assertThat(options(ENVIRONMENT, "--server=http://c").cacheMaxSize()).isZero();
        assertThat(options(ENVIRONMENT, "--server=http://c", "--cache-max-size=2GB").cacheMaxSize())
                .isEqualTo(2_000_000_000L);
    }

    @Test
    void saysFailuresWhereSomebodyWatchesUnlessTold() throws UsageException {
        Options.Report asIs = options(ENVIRONMENT, "--server=http://c").report();
        Options.Report quiet = options(ENVIRONMENT, "--server=http://c", "--quiet").report();
        Options.Report always = options(ENVIRONMENT, "--server=http://c", "--quiet=false").report();

        assertThat(asIs.saysFailures(() -> true)).isTrue();
        assertThat(asIs.saysFailures(() -> false)).isFalse();
        assertThat(quiet.saysFailures(() -> true)).isFalse();
        assertThat(always.saysFailures(() -> false)).isTrue();
    }

    @Test
    void namesVariablesThatAreNoSettings() {
        assertThat(
                        Setting.describeUnknown(
                                Map.of(
                                        "CACHESERVER_CACHE_DIR", "/c",
                                        "CACHESERVER_TOKEN", "t",
                                        "CACHESERVER_DISK_PATH", "/d",
                                        "CACHESERVER_XYZZY", "1")))
                .containsExactly(
                        "CACHESERVER_CACHE_DIR is no setting of the adapter, and ignored: is"
                                + " CACHESERVER_CACHEDIR meant?",
                        "CACHESERVER_XYZZY is no setting of the adapter, and ignored");
    }

    @Test
    void refusesACacheDirectoryThatIsNotAbsolute() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> options(Map.of("GOCACHE", "off"), "--server=http://c"))
                .withMessageContaining("pass --cache-dir");
    }

    @Test
    void findsTheDirectoryThatGoEnvNames() throws UsageException {
        assertThat(directory("Linux", Map.of("HOME", "/h"))).isEqualTo("/h/.cache/go-build");
        assertThat(directory("Linux", Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x")))
                .isEqualTo("/x/go-build");
        assertThat(directory("Mac OS X", Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x")))
                .isEqualTo("/h/Library/Caches/go-build");
        assertThat(directory("Windows 11", Map.of("LocalAppData", "/w"))).isEqualTo("/w/go-build");
        assertThat(directory("Linux", Map.of("HOME", "/h", "GOCACHE", "/g"))).isEqualTo("/g");
    }

    @Test
    void saysWhatToDoWhenThereIsNoDirectory() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> directory("Linux", Map.of()))
                .withMessageContaining("pass --cache-dir");
    }

    @Test
    void takesTheCommandsThatFillAndEmptyADirectory() throws UsageException {
        String server = "--server=http://cache";

        Invocation restore = parse(ENVIRONMENT, "restore", server);
        Invocation save = parse(ENVIRONMENT, "save", server);

        assertThat(restore).extracting(Invocation::command).isEqualTo(Command.RESTORE);
        assertThat(save).extracting(Invocation::command).isEqualTo(Command.SAVE);
    }

    @Test
    void helpsWithEverySettingFlagAndVariable() throws UsageException {
        assertThat(parse(ENVIRONMENT, "--help").command()).isEqualTo(Command.HELP);
        assertThat(parse(ENVIRONMENT, "-version").command()).isEqualTo(Command.VERSION);
        for (Setting setting : Setting.values()) {
            assertThat(Setting.help()).contains("--" + setting.flag(), setting.variable());
        }
        assertThat(Setting.help().lines()).allMatch(line -> line.length() <= 100);
    }

    private static void fails(String message) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> options(ENVIRONMENT))
                .withMessageContaining(message);
    }

    private static String directory(String osName, Map<String, String> environment)
            throws UsageException {
        return CommandLine.goCache(environment, osName);
    }

    @Test
    void takesTheClientsKeyFromTheFileOfItsCertificate() throws UsageException {
        TlsFiles files =
                options(ENVIRONMENT, "--server=https://cache", "--client-cert=c.pem")
                        .network()
                        .tls();

        assertThat(files).isEqualTo(new TlsFiles(null, null, "c.pem", "c.pem"));
    }

    @Test
    void trustsWhatGoTrusts() throws UsageException {
        Map<String, String> environment =
                Map.of("GOCACHE", "/go/cache", "SSL_CERT_FILE", "/etc/cas.pem");

        assertThat(options(environment, "--server=https://cache", "--ca-file=a.pem").network())
                .extracting(Options.Network::tls)
                .isEqualTo(new TlsFiles("/etc/cas.pem", "a.pem", null, null));
    }

    @Test
    void takesTheProxyOfTheEnvironment() throws UsageException {
        Map<String, String> environment =
                Map.of("GOCACHE", "/go/cache", "https_proxy", "http://me:secret@proxy:3128");

        assertThat(options(environment, "--server=https://cache").network().proxy())
                .hasToString("http://proxy:3128");
        assertThat(options(environment, "--server=http://cache").network().proxy()).isNull();
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(
                        () ->
                                options(
                                        Map.of("GOCACHE", "/c", "HTTPS_PROXY", "socks5://proxy"),
                                        "--server=https://cache"))
                .withMessageContaining("HTTPS_PROXY");
    }

    @Test
    void refusesAClientKeyWithoutACertificate() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> options(ENVIRONMENT, "--server=https://c", "--client-key=k.pem"))
                .withMessageContaining("--client-cert");
    }

    private static Options options(Map<String, String> environment, String... args)
            throws UsageException {
        return parse(environment, args).session();
    }

    private static Invocation parse(Map<String, String> environment, String... args)
            throws UsageException {
        return CommandLine.parse(args, environment);
    }

    @Test
    void sessionFlagsAreThoseThatAreNotForTheResidentProcess() throws UsageException {
        assertThat(
                        flags(
                                "--server",
                                "http://c",
                                "--idle-timeout=1h",
                                "--socket=/s",
                                "--resident",
                                "off",
                                "--stable-times=false",
                                "--share-tests=false",
                                "--verbose",
                                "-mode=read-only"))
                .containsExactlyInAnyOrder(
                        "--server=http://c",
                        "--share-tests=false",
                        "--verbose=true",
                        "--mode=read-only");
    }

    @Test
    void sessionFlagsNeverTellTheToken() throws UsageException {
        assertThat(flags("--token", "secret", "--server=http://c", "-token=secret"))
                .containsExactly("--server=http://c");
    }

    @Test
    void sessionFlagsNameFilesSoThatAnyDirectoryFindsThem() throws UsageException {
        String here = Path.of("").toAbsolutePath().toString();

        assertThat(
                        flags(
                                "--server=http://c",
                                "--ca-file",
                                "certs/ca.pem",
                                "--cache-dir=cache",
                                "--stats-file=/s.json"))
                .containsExactlyInAnyOrder(
                        "--server=http://c",
                        "--ca-file=" + here + "/certs/ca.pem",
                        "--cache-dir=" + here + "/cache",
                        "--stats-file=/s.json");
    }

    private static List<String> flags(String... flags) throws UsageException {
        List<String> args = new ArrayList<>(List.of("ci", "start"));
        args.addAll(List.of(flags));
        return parse(ENVIRONMENT, args.toArray(String[]::new)).sessionFlags();
    }
}
