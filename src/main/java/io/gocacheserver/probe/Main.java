package io.gocacheserver.probe;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Started in the service's own image: {@code health} by a container engine's health check, {@code put-get} by {@code helm
 * test}. It says one line. Exit codes: 0 all is well, 1 it is not, 2 wrong arguments.
 */
public final class Main {

    private static final int WELL = 0;
    private static final int NOT_WELL = 1;
    private static final int WRONG_USAGE = 2;
    private static final String USAGE =
            "health [URL] (a readiness endpoint, by default this container's) | put-get URL (of the service)";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int STORED = 204;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();

    Main(Map<String, String> environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    public static void main(String[] args) throws InterruptedException {
        System.exit(new Main(System.getenv(), System.out).run(List.of(args)));
    }

    int run(List<String> args) throws InterruptedException {
        try {
            if (args.equals(List.of("health"))) {
                return health(ownHealth());
            }
            if (args.size() == 2 && args.getFirst().equals("health")) {
                return health(URI.create(args.getLast()));
            }
            if (args.size() == 2 && args.getFirst().equals("put-get")) {
                return putAndGet(args.getLast());
            }
        } catch (IOException | IllegalArgumentException e) {
            out.println("failed: " + e);
            return NOT_WELL;
        }
        out.println("usage: " + USAGE);
        return WRONG_USAGE;
    }

    private int health(URI endpoint) throws IOException, InterruptedException {
        int status = send(HttpRequest.newBuilder(endpoint)).statusCode();
        out.println(endpoint + " answers " + status);
        return status == OK ? WELL : NOT_WELL;
    }

    /** The URL of this container's readiness, by the settings of ports in its environment. */
    private URI ownHealth() {
        String port =
                environment.getOrDefault(
                        "MANAGEMENT_SERVER_PORT", environment.getOrDefault("SERVER_PORT", "8080"));
        return URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
    }

    /**
     * Puts an object under an action of its own, gets it back and compares. Both are random: nothing in the cache answers for
     * it, and no build ever asks for it, so that it goes by eviction.
     */
    private int putAndGet(String url) throws IOException, InterruptedException {
        String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        byte[] object = random(64 * 1024);
        ActionId action = ActionId.of(random(32));
        OutputId output = OutputId.of(sha256(object));
        HttpResponse<byte[]> put =
                send(
                        withToken(base + WirePaths.put(action, output))
                                .PUT(BodyPublishers.ofByteArray(object)));
        if (put.statusCode() != STORED) {
            return unexpected("put", put);
        }
        HttpResponse<byte[]> get =
                send(
                        withToken(base + WirePaths.action(action))
                                .header(WireHeaders.WANT_OBJECT, WireHeaders.WANT_OBJECT_YES));
        if (get.statusCode() != OK) {
            return unexpected("get", get);
        }
        boolean same = Arrays.equals(get.body(), object);
        out.println(
                same
                        ? "put and got the same object at " + url
                        : "the get of action " + action + " did not bring what was put");
        return same ? WELL : NOT_WELL;
    }

    private int unexpected(String what, HttpResponse<byte[]> answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        out.println("the %s was answered with %d: %s".formatted(what, answer.statusCode(), body));
        return NOT_WELL;
    }

    private HttpRequest.Builder withToken(String uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
        String token = environment.get("CACHESERVER_TOKEN");
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
