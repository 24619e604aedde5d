import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Writes the service's AOT cache (JEP 483, 514, 515): starts the service as the image will, lets it do once what it will do
 * all day, disk and S3 and shutdown included, and ends it with SIGTERM, upon which the JVM writes the cache. S3 is a small
 * server in here.
 */
final class TrainService {

    private static final int OBJECTS = 400;
    private static final long MINUTES = 5;
    private static final String LOG = "training.log";
    private static final String AOT_CACHE = "-XX:AOTCache=";
    private static final HexFormat HEX = HexFormat.of();

    private final Random random = new Random(1);
    private final Map<String, byte[]> bucket = new ConcurrentHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int objects;
    private final String url;
    private final String management;

    private TrainService(int port, int managementPort, int objects) {
        this.objects = objects;
        url = "http://127.0.0.1:" + port;
        management = "http://127.0.0.1:" + managementPort;
    }

    /**
     * @param args the Java to start it with, {@code this} for the one that runs this; the directory with the service's extracted jar, to be the working directory; the
     *     file with the JVM's options, whose AOT cache is the one to write; how many objects to put and get, {@value #OBJECTS} if
     *     that is left out: fewer make a cache that starts as fast, and knows less of what comes after
     */
    public static void main(String[] args) throws Exception {
        Path java =
                args[0].equals("this")
                        ? Path.of(System.getProperty("java.home"), "bin", "java")
                        : Path.of(args[0]);
        Path directory = Path.of(args[1]);
        List<String> options = new ArrayList<>(Files.readAllLines(Path.of(args[2])));
        String cache =
                options.stream()
                        .filter(each -> each.startsWith(AOT_CACHE))
                        .findFirst()
                        .orElseThrow();
        options.remove(cache);
        options.add(cache.replace(AOT_CACHE, "-XX:AOTCacheOutput="));
        Path file = directory.resolve(cache.substring(AOT_CACHE.length()));
        Files.deleteIfExists(file);

        int port = freePort();
        int managementPort = freePort();
        int objects = args.length > 3 ? Integer.parseInt(args[3]) : OBJECTS;
        TrainService training = new TrainService(port, managementPort, objects);
        HttpServer s3 = training.startS3();
        Process service =
                start(java, directory, options, port, managementPort, s3.getAddress().getPort());
        boolean ended;
        try {
            training.awaitReady(service);
            training.work();
            service.destroy(); // SIGTERM
            ended = service.waitFor(MINUTES, TimeUnit.MINUTES);
        } finally {
            service.destroyForcibly();
            s3.stop(0);
        }
        if (!ended || !Files.exists(file)) {
            throw new IOException(
                    "no AOT cache: the service ended with "
                            + (ended ? service.exitValue() : "a kill")
                            + "; its log: "
                            + Files.readString(directory.resolve(LOG)));
        }
        System.out.println(file + ": " + Files.size(file) / 1_000_000 + " MB");
    }

    private static Process start(
            Path java,
            Path directory,
            List<String> options,
            int port,
            int managementPort,
            int s3Port)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(options);
        command.addAll(List.of("-jar", "go-cache-server.jar"));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(LOG).toFile());
        Map<String, String> environment = builder.environment();
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort));
        environment.put("CACHESERVER_DISK_PATH", Files.createTempDirectory("training").toString());
        environment.put("CACHESERVER_DISK_MAXSIZE", "1GB");
        environment.put("CACHESERVER_S3_BUCKET", "bucket");
        environment.put("SPRING_CLOUD_AWS_S3_ENDPOINT", "http://127.0.0.1:" + s3Port);
        environment.put("SPRING_CLOUD_AWS_S3_PATHSTYLEACCESSENABLED", "true");
        environment.put("SPRING_CLOUD_AWS_REGION_STATIC", "us-east-1");
        environment.put("SPRING_CLOUD_AWS_CREDENTIALS_ACCESSKEY", "training");
        environment.put("SPRING_CLOUD_AWS_CREDENTIALS_SECRETKEY", "training");
        return builder.start();
    }

    private void work() throws Exception {
        ByteArrayOutputStream used = new ByteArrayOutputStream();
        used.write(new byte[] {0, 32});
        for (int i = 0; i < objects; i++) {
            byte[] object = object(i);
            byte[] action = sha256(("action " + i).getBytes(StandardCharsets.UTF_8));
            String actionId = HEX.formatHex(action);
            String outputId = HEX.formatHex(sha256(object));
            if (i % 4 == 0) {
                putIntoBucket(actionId, outputId, object);
            } else {
                expect(204, "PUT", "/" + actionId + "/" + outputId, object);
            }
            expect(
                    200,
                    "GET",
                    "/action/" + actionId,
                    null,
                    "Want-Object",
                    "1",
                    "Accept-Encoding",
                    "zstd");
            expect(200, "GET", "/action/" + actionId, null, "Want-Object", "1");
            expect(200, "HEAD", "/action/" + actionId, null);
            expect(200, "GET", "/action/" + actionId, null);
            expect(200, "GET", "/output/" + outputId, null);
            expect(204, "PUT", "/output/" + outputId, object);
            expect(204, "PUT", "/action/" + actionId, new byte[0], "Go-Output-Id", outputId);
            expect(
                    404,
                    "GET",
                    "/action/" + HEX.formatHex(sha256(action)),
                    null,
                    "Want-Object",
                    "1");
            used.write(1);
            used.write(action);
        }
        for (int i = 0; i < 4; i++) {
            String build = "{\"build\":{\"module\":\"training\",\"command\":[\"go\",\"build\"]}";
            String end =
                    ",\"used\":\"" + Base64.getEncoder().encodeToString(used.toByteArray()) + "\"}";
            String json = "application/json";
            expect(200, "POST", "/prefetch/used", utf8(build + end), "Content-Type", json);
            expect(200, "POST", "/prefetch", utf8(build + '}'), "Content-Type", json);
            expect(
                    200,
                    "POST",
                    "/prefetch",
                    utf8(build + '}'),
                    "Content-Type",
                    json,
                    "Accept-Encoding",
                    "zstd");
            for (String path :
                    List.of(
                            "health",
                            "health/liveness",
                            "health/readiness",
                            "prometheus",
                            "gocache",
                            "info")) {
                expect(200, "GET", management + "/actuator/" + path, null);
            }
        }
        expect(200, "GET", "/adapter/install.sh", null);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Some compressible and some not, most of them small. */
    private byte[] object(int i) {
        byte[] object = new byte[i % 10 == 0 ? 300_000 : 500 + 40 * i];
        if (i % 3 == 0) {
            random.nextBytes(object);
        } else {
            byte[] line = ("line of object " + i + "\n").getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < object.length; at++) {
                object[at] = line[at % line.length];
            }
        }
        return object;
    }

    private void expect(int status, String method, String path, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(path.startsWith("/") ? url + path : path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = client.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() != status) {
            throw new IOException(
                    "%s %s: %d instead of %d: %s"
                            .formatted(
                                    method,
                                    path,
                                    answer.statusCode(),
                                    status,
                                    new String(answer.body(), StandardCharsets.UTF_8)));
        }
    }

    private void awaitReady(Process service) throws Exception {
        URI ready = URI.create(management + "/actuator/health/readiness");
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        while (service.isAlive() && System.nanoTime() < end) {
            try {
                if (client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            Thread.sleep(100);
        }
        throw new IOException("the service does not get ready");
    }

    private HttpServer startS3() throws IOException {
        HttpServer s3 =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        s3.setExecutor(task -> Thread.ofVirtual().start(task));
        s3.createContext("/", this::answer);
        s3.start();
        return s3;
    }

    /** As S3: keeps what is written, and answers it; 404 for the rest. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String method = exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath();
            byte[] object = bucket.get(path);
            if (method.equals("PUT")) {
                bucket.put(path, body);
                exchange.getResponseHeaders().set("ETag", etag(body));
                exchange.sendResponseHeaders(200, -1);
            } else if (object != null && method.equals("GET")) {
                exchange.getResponseHeaders().set("ETag", etag(object));
                exchange.sendResponseHeaders(200, object.length == 0 ? -1 : object.length);
                exchange.getResponseBody().write(object);
            } else if (object != null && method.equals("HEAD")) {
                exchange.getResponseHeaders().set("ETag", etag(object));
                exchange.getResponseHeaders()
                        .set("Content-Length", Integer.toString(object.length));
                exchange.sendResponseHeaders(200, -1);
            } else if (path.equals("/bucket") || path.equals("/bucket/")) {
                exchange.sendResponseHeaders(200, -1);
            } else if (method.equals("HEAD")) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                byte[] error =
                        "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/xml");
                exchange.sendResponseHeaders(404, error.length);
                exchange.getResponseBody().write(error);
            }
        }
    }

    private void putIntoBucket(String actionId, String outputId, byte[] object) {
        bucket.put("/bucket/output/" + outputId.substring(0, 2) + "/" + outputId, object);
        bucket.put(
                "/bucket/action/" + actionId.substring(0, 2) + "/" + actionId,
                (outputId + " 1700000000000000000").getBytes(StandardCharsets.UTF_8));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String etag(byte[] object) {
        return "\"" + HEX.formatHex(md5(object)) + "\"";
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
