package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** The HTTP contract, as a client without anything of the adapter speaks it. */
public final class ServiceClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public ServiceClient(String url) {
        this.url = url;
    }

    public String url() {
        return url;
    }

    public boolean isReady() {
        try {
            return readiness() == 200;
        } catch (UncheckedIOException notListening) {
            return false;
        }
    }

    /** The status with which the readiness probe is answered. */
    public int readiness() {
        return send(request("/actuator/health/readiness"), BodyHandlers.discarding()).statusCode();
    }

    /** The service's health as a whole: UP, or what is wrong. */
    public String health() {
        String body = send(request("/actuator/health"), BodyHandlers.ofString()).body();
        return JSON.readTree(body).at("/status").asString();
    }

    /** What it answers there. */
    public JsonNode json(String path) {
        return JSON.readTree(send(request(path), BodyHandlers.ofString()).body());
    }

    /** A meter by its Prometheus name; the sum if it has tags. */
    public double meter(String name) {
        return send(request("/actuator/prometheus"), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The eight counters, by name. */
    public Map<String, Long> counters() {
        String body = send(request("/actuator/expvar"), BodyHandlers.ofString()).body();
        return JSON.readValue(body, new TypeReference<Map<String, Long>>() {});
    }

    public long counter(CacheCounter counter) {
        return counters().getOrDefault(counter.key(), 0L);
    }

    /** Removes an action as an operator does. */
    public void purge(ActionId action) {
        String path = "/actuator/gocache/action/" + action + "?by=test";
        int status = send(request(path).DELETE(), BodyHandlers.discarding()).statusCode();
        assertThat(status).isEqualTo(200);
    }

    /** The JSON form of a Get. */
    public HttpResponse<String> getEntry(ActionId action) {
        return send(request(WirePaths.action(action)), BodyHandlers.ofString());
    }

    /** The one-request form of a Get. */
    public HttpResponse<InputStream> getObject(ActionId action) {
        return send(
                request(WirePaths.action(action))
                        .header(WireHeaders.WANT_OBJECT, WireHeaders.WANT_OBJECT_YES),
                BodyHandlers.ofInputStream());
    }

    public HttpResponse<InputStream> getObject(OutputId output) {
        return send(request(WirePaths.output(output)), BodyHandlers.ofInputStream());
    }

    /** A Put of {@code size} bytes; returns the status. */
    public int put(ActionId action, OutputId output, long size, Supplier<InputStream> body) {
        HttpRequest.BodyPublisher publisher =
                size == 0
                        ? BodyPublishers.noBody()
                        : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(body), size);
        return send(request(WirePaths.put(action, output)).PUT(publisher), BodyHandlers.ofString())
                .statusCode();
    }

    /** A Put; returns the status. */
    public int put(TestObject object) {
        return put(object.action(), object.output(), object.size(), object::stream);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT);
    }

    private <T> HttpResponse<T> send(
            HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
