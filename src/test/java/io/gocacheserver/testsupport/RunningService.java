package io.gocacheserver.testsupport;

import io.gocacheserver.GoCacheServer;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The whole service in this JVM, on a free port, for tests that need it to start or end as they say. */
public final class RunningService implements AutoCloseable {

    private static final String SHUTDOWN_DELAY = "cache-server.shutdown.delay";
    private static final String SERVER_PORT = "server.port";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final ConfigurableApplicationContext context;
    private final int port;

    private RunningService(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = context.getEnvironment().getRequiredProperty("local.server.port", int.class);
    }

    /** Starts it over this directory, with these properties ({@code name=value}) besides. */
    public static RunningService start(Path directory, String... properties) {
        return start(List.of(), directory, properties);
    }

    /**
     * The same with beans of the test's own.
     *
     * @param beans classes with {@code @Bean} methods; not {@code @Configuration}, or every service would find them
     */
    public static RunningService start(List<Class<?>> beans, Path directory, String... properties) {
        List<String> arguments = new ArrayList<>();
        if (Arrays.stream(properties).noneMatch(each -> each.startsWith(SERVER_PORT))) {
            arguments.add("--" + SERVER_PORT + "=0");
        }
        arguments.add("--cache-server.disk.path=" + directory);
        if (Arrays.stream(properties).noneMatch(each -> each.startsWith(SHUTDOWN_DELAY))) {
            arguments.add("--" + SHUTDOWN_DELAY + "=0s");
        }
        for (String property : properties) {
            arguments.add("--" + property);
        }
        SpringApplication application = new SpringApplication(GoCacheServer.class);
        application.addPrimarySources(beans);
        application.setRegisterShutdownHook(false);
        return new RunningService(application.run(arguments.toArray(String[]::new)));
    }

    /** Properties for an S3 tier on this endpoint. */
    public static String[] s3Properties(URI endpoint, String... more) {
        List<String> properties = new ArrayList<>(List.of(more));
        properties.add("cache-server.s3.bucket=bucket");
        properties.add("spring.cloud.aws.s3.endpoint=" + endpoint);
        properties.add("spring.cloud.aws.s3.path-style-access-enabled=true");
        properties.add("spring.cloud.aws.region.static=us-east-1");
        properties.add("spring.cloud.aws.credentials.access-key=" + EmbeddedS3.ACCESS_KEY);
        properties.add("spring.cloud.aws.credentials.secret-key=" + EmbeddedS3.SECRET_KEY);
        return properties.toArray(String[]::new);
    }

    public int port() {
        return port;
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public HttpResponse<byte[]> get(String path) throws Exception {
        return CLIENT.send(request(path).GET().build(), BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
        return CLIENT.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    public JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get(path).body());
    }

    public String text(String path) throws Exception {
        return new String(get(path).body(), StandardCharsets.UTF_8);
    }

    /** Puts an object with its action; the status. */
    public int put(TestObject object) throws Exception {
        HttpRequest request =
                request(object.putPath()).PUT(BodyPublishers.ofByteArray(object.bytes())).build();
        return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    }

    @Override
    public void close() {
        context.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }
}
