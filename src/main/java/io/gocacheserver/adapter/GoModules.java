package io.gocacheserver.adapter;

import io.gocacheserver.adapter.auth.Credentials;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.profile.GoEnv;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Modules for the Go command from the service: how it finds them, and by which token. */
final class GoModules {

    private GoModules() {}

    /** What a GOAUTH command prints: the service's URL and the header to send there; nothing if there is no token. */
    static String authorization(Options options) {
        Credentials credentials = Backend.credentials(options);
        if (credentials == null || !options.server().tls()) {
            return "";
        }
        String header = credentials.header(options.network().timeouts().request());
        return header == null
                ? ""
                : options.server() + WirePaths.MODULES + "\n\nAuthorization: " + header + "\n\n";
    }

    /**
     * GOPROXY for a job, and GOAUTH where that is needed, names and values by turns; nothing where the service offers no
     * modules, or the job has a GOPROXY already.
     *
     * @param flags that the job's {@code go} commands are to have
     */
    static List<String> variables(
            Options options,
            List<String> flags,
            Map<String, String> environment,
            String version,
            PrintStream err) {
        if (isSet("GOPROXY", environment) || !areOffered(options, version)) {
            return List.of();
        }
        String proxy = options.server() + WirePaths.MODULES.replaceFirst("/$", "") + "|direct";
        if (options.credential() == null) {
            return List.of("GOPROXY", proxy);
        }
        List<String> command = new ArrayList<>(List.of(launcher(), "goauth"));
        command.addAll(flags);
        if (!options.server().tls()
                || isSet("GOAUTH", environment)
                || command.stream().anyMatch(word -> word.isEmpty() || word.contains(" "))) {
            err.println(
                    "go-cache-adapter: GOPROXY is not set, though the service offers modules: their"
                            + " token can be sent to https:// alone, and by GOAUTH where that is not set");
            return List.of();
        }
        return List.of("GOPROXY", proxy, "GOAUTH", "netrc;" + String.join(" ", command));
    }

    private static String launcher() {
        return Path.of(System.getProperty("go-cache-adapter.launcher", ""))
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    private static boolean areOffered(Options options, String version) {
        if (options.server().socket() != null) {
            return false;
        }
        Headers headers = new Headers().add("User-Agent", "go-cache-adapter/" + version);
        try (HttpClient client = Backend.client(options, Backend.credentials(options), 1);
                HttpResponse answer = client.send(HttpRequest.get(WirePaths.MODULES, headers))) {
            return answer.status() == Status.OK;
        } catch (IOException e) {
            return false;
        }
    }

    /** By environment, or by {@code go env -w}. */
    private static boolean isSet(String variable, Map<String, String> environment) {
        if (!environment.getOrDefault(variable, "").isEmpty()) {
            return true;
        }
        @Nullable List<String> file = GoEnv.ask(List.of("GOENV"));
        try {
            return file != null
                    && Files.isReadable(Path.of(file.getFirst()))
                    && Files.readAllLines(Path.of(file.getFirst())).stream()
                            .anyMatch(line -> line.startsWith(variable + "="));
        } catch (IOException e) {
            return false;
        }
    }
}
