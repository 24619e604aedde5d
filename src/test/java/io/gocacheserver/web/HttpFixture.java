package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.BuildMessages;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.web.PrefetchFrames.Frame;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.UsedActions.Use;

import org.springframework.boot.test.web.server.LocalServerPort;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Requests to a service on a real port. */
abstract class HttpFixture {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final AtomicLong MODULES = new AtomicLong(System.nanoTime());

    @LocalServerPort private int port;

    final HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send(request(path, headers).GET());
    }

    final HttpResponse<byte[]> head(String path, String... headers) throws Exception {
        return send(request(path, headers).HEAD());
    }

    final HttpResponse<byte[]> put(String path, byte[] body, String... headers) throws Exception {
        return send(request(path, headers).PUT(BodyPublishers.ofByteArray(body)));
    }

    final HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws Exception {
        return send(request(path, headers).POST(BodyPublishers.ofByteArray(body)));
    }

    /** The start of a build; the last one of its kind used these actions. */
    final HttpResponse<byte[]> prefetch(String query, List<ActionId> actions, String... headers)
            throws Exception {
        String module = "example.com/" + MODULES.incrementAndGet();
        String[] json = {"Content-Type", "application/json"};
        byte[] used =
                UsedActions.encode(
                        actions.stream().map(each -> new Use(each, UsedActions.HIT)).toList());
        assertThat(post("/prefetch/used", BuildMessages.end(module, used), json).statusCode())
                .isEqualTo(200);
        List<String> all = new ArrayList<>(List.of(json));
        all.addAll(List.of(headers));
        return post("/prefetch" + query, BuildMessages.start(module), all.toArray(String[]::new));
    }

    /** The frames of the answer to the same. */
    final List<Frame> frames(String query, List<ActionId> actions, String... headers)
            throws Exception {
        HttpResponse<byte[]> answer = prefetch(query, actions, headers);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(BuildMessages.listed(answer.body())).isEqualTo(actions);
        return PrefetchFrames.afterList(answer.body());
    }

    /** A PUT that does not know how long its body is. */
    final HttpResponse<byte[]> putChunked(String path, byte[] body) throws Exception {
        return send(
                request(path).PUT(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body))));
    }

    final HttpResponse<byte[]> method(String method, String path) throws Exception {
        return send(request(path).method(method, BodyPublishers.noBody()));
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
}
