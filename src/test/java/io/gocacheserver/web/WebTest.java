package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The service on a real port with the disk tier alone, shared by the tests of the HTTP contract. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "cache-server.shutdown.delay=0s",
            "cache-server.disk.inline-size=" + WebTest.INLINE_SIZE + "B",
            "cache-server.web.max-object-size=64MB",
            "server.tomcat.connection-timeout=" + WebTest.STALL_MILLIS + "ms"
        })
abstract class WebTest {

    static final int INLINE_SIZE = 4096;
    static final int STALL_MILLIS = 1500;

    /** Larger than any inline object, any buffer and any socket's buffer: such a one is sent by sendfile. */
    static final int LARGE = 5_000_000;

    private static final Path DISK = temporaryDirectory();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("cache-server.disk.path", DISK::toString);
    }

    final HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send(request(path, headers).GET());
    }

    final HttpResponse<byte[]> head(String path, String... headers) throws Exception {
        return send(request(path, headers).HEAD());
    }

    final HttpResponse<byte[]> put(String path, byte[] body, String... headers) throws Exception {
        return send(request(path, headers).PUT(BodyPublishers.ofByteArray(body)));
    }

    /** A PUT that does not know how long its body is. */
    final HttpResponse<byte[]> putChunked(String path, byte[] body) throws Exception {
        return send(
                request(path).PUT(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body))));
    }

    final HttpResponse<byte[]> method(String method, String path) throws Exception {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    /** Puts an object with its action, which must succeed. */
    final TestObject stored(TestObject object) throws Exception {
        assertThat(put(object.putPath(), object.bytes()).statusCode()).isEqualTo(204);
        return object;
    }

    final RawHttp connect() throws IOException {
        return new RawHttp(port);
    }

    static void assertProblem(HttpResponse<byte[]> response, ProblemType type) {
        assertThat(response.statusCode()).isEqualTo(type.status());
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        JsonNode problem = JsonMapper.shared().readTree(response.body());
        assertThat(problem.get("type").asString()).isEqualTo(type.type());
        assertThat(problem.get("title").asString()).isEqualTo(type.title());
        assertThat(problem.get("status").asInt()).isEqualTo(type.status());
    }

    static void assertProblem(RawHttp.Response response, ProblemType type) {
        assertThat(response.status()).isEqualTo(type.status());
        assertThat(response.headers()).containsEntry("content-type", "application/problem+json");
        JsonNode problem = JsonMapper.shared().readTree(response.body());
        assertThat(problem.get("type").asString()).isEqualTo(type.type());
    }

    /** Neither the object nor its action is served. */
    final void assertNotServed(TestObject object) throws Exception {
        assertProblem(get("/action/" + object.action()), ProblemType.MISS);
        assertProblem(get("/output/" + object.output()), ProblemType.MISS);
    }

    static List<String> tmp() throws IOException {
        return Directories.files(DISK.resolve("tmp"));
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("(none)");
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(Path.of("target"), "web-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
