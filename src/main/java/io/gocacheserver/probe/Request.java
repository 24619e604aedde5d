package io.gocacheserver.probe;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Requests to the service, with a token if there is one; none takes longer than {@link #TIMEOUT}. */
final class Request {

    static final int OK = 200;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();
    private final @Nullable String token;

    Request(@Nullable String token) {
        this.token = token;
    }

    /**
     * The answer to a Get.
     *
     * @param headers name, value, name, value, …
     */
    HttpResponse<byte[]> get(URI uri, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = to(uri).GET();
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> put(URI uri, byte[] body) throws IOException, InterruptedException {
        return client.send(
                to(uri).PUT(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder to(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }
}
