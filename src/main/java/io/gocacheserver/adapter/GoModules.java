package io.gocacheserver.adapter;

import io.gocacheserver.adapter.auth.Credentials;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Modules for the Go command from the service: how it finds them, and by which token. */
record GoModules(Options options, Map<String, String> environment, String version) {

    /** What a GOAUTH command prints: the service's URL and the header to send there; nothing if there is no token. */
    String authorization() {
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
    List<String> variables(List<String> flags, PrintStream err) throws IOException {
        if (isSet("GOPROXY") || !areOffered()) {
            return List.of();
        }
        String proxy = options.server() + WirePaths.MODULES.replaceFirst("/$", "") + "|direct";
        if (options.credential() == null) {
            return List.of("GOPROXY", proxy);
        }
        boolean tls = options.server().tls();
        List<String> command = new ArrayList<>(List.of(tls ? CiJob.launcher() : "", "goauth"));
        command.addAll(flags);
        if (isSet("GOAUTH")
                || command.stream().anyMatch(word -> word.isEmpty() || word.contains(" "))) {
            err.println(
                    "go-cache-adapter: GOPROXY is not set, though the service offers modules: their"
                            + " token can be sent to https:// alone, and by GOAUTH where that is not set");
            return List.of();
        }
        return List.of("GOPROXY", proxy, "GOAUTH", "netrc;" + String.join(" ", command));
    }

    private boolean areOffered() {
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
    private boolean isSet(String variable) {
        if (!environment.getOrDefault(variable, "").isEmpty()) {
            return true;
        }
        List<String> file = GoInvocation.goEnv(List.of("GOENV"));
        try {
            return file != null
                    && Files.readAllLines(Path.of(file.getFirst())).stream()
                            .anyMatch(line -> line.startsWith(variable + "="));
        } catch (IOException e) {
            return false;
        }
    }
}
