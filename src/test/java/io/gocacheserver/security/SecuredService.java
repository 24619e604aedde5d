package io.gocacheserver.security;

import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestIssuer;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The whole service, with tokens of each kind and an issuer. */
final class SecuredService implements AutoCloseable {

    static final String READ = "read-0123456789abcdef";
    static final String WRITE = "write-0123456789abcdef";
    static final String TEAM = "team-0123456789abcdef";
    static final String OBSERVE = "observe-0123456789abcdef";
    static final String ADMIN = "admin-0123456789abcdef";

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final RunningService service;

    SecuredService(Path directory, TestIssuer issuer, String... more) {
        List<String> properties = new ArrayList<>(tokens());
        properties.addAll(
                List.of(
                        "cache-server.auth.issuers.ci.uri=" + issuer.uri(),
                        "cache-server.auth.issuers.ci.audience=" + TestIssuer.AUDIENCE,
                        "cache-server.auth.rules[0].issuer=ci",
                        "cache-server.auth.rules[0].when[0]=repository=acme/app",
                        "cache-server.auth.rules[0].when[1]=ref=refs/heads/main",
                        "cache-server.auth.rules[0].namespace=global",
                        "cache-server.auth.rules[1].issuer=ci",
                        "cache-server.auth.rules[1].when[0]=repository=acme/*",
                        "cache-server.auth.rules[1].namespace=pr-{repository}-{ref}"));
        properties.addAll(List.of(more));
        service = RunningService.start(directory, properties.toArray(String[]::new));
    }

    private static List<String> tokens() {
        List<String> properties = new ArrayList<>();
        add(properties, "reader", READ, "read", "global");
        add(properties, "writer", WRITE, "read-write", "global");
        add(properties, "team", TEAM, "read-write", "team");
        add(properties, "prometheus", OBSERVE, "observe", "global");
        add(properties, "operator", ADMIN, "admin", "global");
        return properties;
    }

    private static void add(
            List<String> properties, String name, String secret, String access, String namespace) {
        String token = "cache-server.auth.tokens[" + properties.size() / 4 + "].";
        properties.add(token + "name=" + name);
        properties.add(token + "secret=" + secret);
        properties.add(token + "access=" + access);
        properties.add(token + "namespace=" + namespace);
    }

    RunningService running() {
        return service;
    }

    int port() {
        return service.port();
    }

    HttpResponse<String> get(String path, @Nullable String token) throws Exception {
        return send("GET", path, token, new byte[0]);
    }

    HttpResponse<String> put(String path, @Nullable String token, byte[] body) throws Exception {
        return send("PUT", path, token, body);
    }

    HttpResponse<String> post(String path, @Nullable String token, String json) throws Exception {
        return send(
                "POST",
                path,
                token,
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }

    HttpResponse<String> send(
            String method, String path, @Nullable String token, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .method(
                                method,
                                body.length == 0 && !method.equals("PUT")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        service.close();
    }
}
