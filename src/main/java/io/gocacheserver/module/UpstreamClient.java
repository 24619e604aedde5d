package io.gocacheserver.module;

import io.gocacheserver.module.Download.DiskException;
import io.gocacheserver.module.Download.TooLargeException;
import io.gocacheserver.module.UpstreamList.Proxy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks one upstream for one file. Nothing of it is believed without a bound: the time until it begins, the time for all, the rate
 * in between, the size, the number of redirects. Credentials go to the hosts that the setting names, and to no other to which
 * these redirect.
 */
final class UpstreamClient implements AutoCloseable {

    private static final int MAX_REDIRECTS = 5;
    private static final long MAX_ERROR_BYTES = 1024 * 1024;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int SERVER_ERROR = 500;
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

    /**
     * How long it is waited for an upstream.
     *
     * @param total for one file
     * @param firstByte without a byte of the file: it may have to fetch that itself
     * @param window in which {@code windowBytes} have to come after that
     */
    record Patience(Duration total, Duration firstByte, Duration window, long windowBytes) {

        static Patience of(Duration total) {
            return new Patience(total, Duration.ofSeconds(60), Duration.ofSeconds(20), 20_000);
        }
    }

    /** The answer of an upstream. The file is the caller's, who has it in the download. */
    sealed interface Answer extends Upstreams.Result {

        record Fetched() implements Answer {}

        record Absent(int status, String text) implements Answer {}

        /** It cannot say; {@code isOutage}: that is likely to be so for other files, too. */
        record Failed(String why, boolean isOutage) implements Answer {}
    }

    private final Patience patience;
    private final HttpClient http;

    UpstreamClient(Patience patience) {
        this.patience = patience;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    Answer fetch(Source source, Proxy proxy, ModuleFile file, Download download)
            throws DiskException {
        long end = System.nanoTime() + patience.total().toNanos();
        download.restart();
        try {
            URI url = new URI(proxy.base() + encoded(file.name()));
            for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(url).header("User-Agent", "go-cache-server").GET();
                String authorization =
                        source.isOwn(url) ? authorization(source.credentials()) : null;
                if (authorization != null) {
                    request.header("Authorization", authorization);
                }
                HttpResponse<InputStream> answer = send(request.build());
                int status = answer.statusCode();
                Optional<String> location = answer.headers().firstValue("Location");
                try (InputStream body = answer.body()) {
                    if (!REDIRECTS.contains(status) || location.isEmpty()) {
                        long max = status == OK ? file.kind().maxBytes : MAX_ERROR_BYTES;
                        read(body, download, max, end);
                        return answer(status, download);
                    }
                }
                URI next = url.resolve(location.get());
                boolean downgrade =
                        url.getScheme().equals("https") && !"https".equals(next.getScheme());
                if (downgrade
                        || next.getHost() == null
                        || !String.valueOf(next.getScheme()).startsWith("http")) {
                    return new Answer.Failed("it redirects to a URL that is not followed", false);
                }
                url = next;
            }
            return new Answer.Failed(
                    "it redirects more than %d times".formatted(MAX_REDIRECTS), false);
        } catch (DiskException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Answer.Failed(why, !(e instanceof TooLargeException));
        }
    }

    private static Answer answer(int status, Download download) throws IOException {
        try (InputStream in = download.open()) {
            return switch (status) {
                case OK -> new Answer.Fetched();
                case NOT_FOUND, GONE -> new Answer.Absent(status, Download.text(in));
                default ->
                        new Answer.Failed(
                                "it answers %d".formatted(status), status >= SERVER_ERROR);
            };
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** Sends a request; its body is the caller's to close. */
    private HttpResponse<InputStream> send(HttpRequest request)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> answer =
                http.sendAsync(request, BodyHandlers.ofInputStream());
        try {
            return answer.get(patience.firstByte().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("it did not begin to answer within " + patience.firstByte());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(e.getCause());
        } finally {
            answer.cancel(true); // no effect on one that has ended
        }
    }

    private void read(InputStream body, Download download, long max, long end) throws IOException {
        AtomicReference<@Nullable String> slow = new AtomicReference<>();
        Thread watch =
                Thread.ofVirtual()
                        .name("module-download")
                        .start(() -> watch(body, download, end, slow));
        try {
            download.copy(body, max);
        } catch (DiskException | TooLargeException e) {
            throw e;
        } catch (IOException e) {
            String why = slow.get();
            throw why == null ? e : new IOException(why, e);
        } finally {
            watch.interrupt();
        }
    }

    /** Closes a body that comes too slowly, and says why, until it is interrupted. */
    private void watch(
            InputStream body, Download download, long end, AtomicReference<@Nullable String> slow) {
        long start = System.nanoTime();
        long before = 0;
        try {
            while (slow.get() == null) {
                Thread.sleep(patience.window());
                long now = System.nanoTime();
                long bytes = download.size();
                if (now - end >= 0) {
                    slow.set("it took longer than " + patience.total());
                } else if (bytes - before < patience.windowBytes()
                        && (bytes > 0 || now - start >= patience.firstByte().toNanos())) {
                    slow.set("it sent %d bytes in %s".formatted(bytes - before, patience.window()));
                }
                before = bytes;
            }
            body.close();
        } catch (InterruptedException | IOException e) {
            // it is read to its end, or closed already
        }
    }

    private static @Nullable String authorization(@Nullable Path credentials) throws IOException {
        if (credentials == null) {
            return null;
        }
        String text;
        try {
            text = Files.readString(credentials).strip();
        } catch (IOException e) {
            throw new IOException("its credentials cannot be read: " + e, e);
        }
        return text.contains(":")
                ? "Basic "
                        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
                : "Bearer " + text;
    }

    /** As the Go command encodes names in URLs. */
    private static String encoded(String name) throws URISyntaxException {
        return new URI(null, null, "/" + name, null).toASCIIString().replace("!", "%21");
    }
}
