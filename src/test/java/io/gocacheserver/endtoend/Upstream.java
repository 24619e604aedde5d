package io.gocacheserver.endtoend;

import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.ScriptedServer.Request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The real service, as a server in front of it asks it. */
public final class Upstream {

    /** What a proxy sets anew for each of its connections. */
    private static final Set<String> NOT_FORWARDED =
            Set.of("host", "connection", "content-length", "accept-encoding", "transfer-encoding");

    private final String url;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public Upstream(String url) {
        this.url = url;
    }

    /** What the service answers to a request; objects come uncompressed. */
    public Answer ask(Exchange exchange) throws IOException {
        Request asked = exchange.request();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + asked.target()))
                        .method(asked.method(), BodyPublishers.ofByteArray(asked.body()));
        asked.headers()
                .forEach(
                        (name, value) -> {
                            if (!NOT_FORWARDED.contains(name)) {
                                request.header(name, value);
                            }
                        });
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    /** An answer of the service. */
    public static final class Answer {

        private final int status;
        private final Map<String, String> headers = new TreeMap<>();
        private final byte[] body;

        private Answer(HttpResponse<byte[]> response) {
            status = response.statusCode();
            body = response.body();
            response.headers()
                    .map()
                    .forEach(
                            (name, values) -> {
                                if (!NOT_FORWARDED.contains(name)) {
                                    headers.put(name, values.getFirst());
                                }
                            });
        }

        public byte[] body() {
            return body;
        }

        public boolean isHit() {
            return status == 200;
        }

        /** Status line and headers, which say {@code Content-Length} if that is not negative. */
        public String head(long contentLength) {
            StringBuilder head = new StringBuilder("HTTP/1.1 %d Status\r\n".formatted(status));
            headers.forEach(
                    (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
            if (contentLength >= 0 && status != 204) {
                head.append("Content-Length: ").append(contentLength).append("\r\n");
            }
            return head.append("\r\n").toString();
        }

        public void sendTo(Exchange exchange) throws IOException {
            exchange.send(head(body.length));
            exchange.send(body);
        }
    }
}
