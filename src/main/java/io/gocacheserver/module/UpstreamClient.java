package io.gocacheserver.module;

import io.gocacheserver.module.Download.DiskException;
import io.gocacheserver.module.UpstreamList.Element;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks one upstream for one file. Nothing of it is believed without a bound: the time until it begins, the time for all, the rate
 * in between, the size, the number of redirects. Credentials go to the hosts that the setting names, and to no other to which
 * these redirect.
 */
final class UpstreamClient implements AutoCloseable {

    private static final int MAX_REDIRECTS = 5;
    private static final long MAX_ERROR_BYTES = 1024 * 1024;
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

        /** It has no such file, and says why. */
        record Absent(int status, String text) implements Answer {}

        /**
         * It cannot say.
         *
         * @param isOutage whether it is likely to be so for other files, too
         */
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
                        .connectTimeout(min(patience.firstByte(), Duration.ofSeconds(10)))
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    /**
     * Fetches a file.
     *
     * @throws DiskException if the download cannot be written
     */
    Answer fetch(Source source, Element.Proxy proxy, ModuleFile file, Download download)
            throws DiskException {
        long end = System.nanoTime() + patience.total().toNanos();
        try {
            URI url = new URI(proxy.base() + "/" + encoded(file.name()));
            for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(url).header("User-Agent", "go-cache-server").GET();
                String authorization =
                        source.isOwn(url) ? authorization(source.credentials()) : null;
                if (authorization != null) {
                    request.header("Authorization", authorization);
                }
                download.restart();
                HttpResponse<Download> answer =
                        send(request.build(), download, file.kind().maxBytes(), end);
                int status = answer.statusCode();
                Optional<String> location = answer.headers().firstValue("Location");
                if (!REDIRECTS.contains(status) || location.isEmpty()) {
                    return switch (status) {
                        case OK -> new Answer.Fetched();
                        case NOT_FOUND, GONE -> new Answer.Absent(status, download.text());
                        default ->
                                new Answer.Failed(
                                        "it answers %d".formatted(status), status >= SERVER_ERROR);
                    };
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
            return new Answer.Failed(why, !(e instanceof Download.TooLargeException));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpResponse<Download> send(HttpRequest request, Download download, long max, long end)
            throws IOException, InterruptedException {
        ToDisk body = new ToDisk(download);
        CompletableFuture<HttpResponse<Download>> answer =
                http.sendAsync(
                        request,
                        head -> body.limited(head.statusCode() == OK ? max : MAX_ERROR_BYTES));
        long windowStart = System.nanoTime();
        long windowBytes = 0;
        long poll = Math.min(patience.window().toMillis(), 1000);
        try {
            while (true) {
                try {
                    return answer.get(poll, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long now = System.nanoTime();
                    long bytes = download.size();
                    Duration waited = Duration.ofNanos(now - windowStart);
                    if (now - end >= 0) {
                        throw new IOException("it took longer than " + patience.total());
                    }
                    if (bytes == 0 && waited.compareTo(patience.firstByte()) >= 0) {
                        throw new IOException(
                                "it did not begin to answer within " + patience.firstByte());
                    }
                    if (bytes > 0 && waited.compareTo(patience.window()) >= 0) {
                        if (bytes - windowBytes < patience.windowBytes()) {
                            throw new IOException(
                                    "it sent %d bytes in %s"
                                            .formatted(bytes - windowBytes, waited));
                        }
                        windowStart = now;
                        windowBytes = bytes;
                    }
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(e.getCause());
        } finally {
            body.stop();
            answer.cancel(true); // no effect on one that has ended
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
    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~/@+=:&$,".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return encoded.toString();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Writes a body as it comes, one buffer at a time, until it is stopped. */
    private static final class ToDisk implements HttpResponse.BodySubscriber<Download> {

        private final Download download;
        private final CompletableFuture<Download> end = new CompletableFuture<>();
        private long max;
        private boolean stopped;
        private Flow.@Nullable Subscription subscription;

        ToDisk(Download download) {
            this.download = download;
        }

        synchronized ToDisk limited(long bytes) {
            max = bytes;
            return this;
        }

        /** From when this returns, nothing is written. */
        synchronized void stop() {
            stopped = true;
        }

        @Override
        public CompletionStage<Download> getBody() {
            return end;
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription flow) {
            subscription = flow;
            flow.request(1);
        }

        @Override
        public synchronized void onNext(List<ByteBuffer> buffers) {
            Flow.Subscription flow = subscription;
            if (flow == null || stopped) {
                return;
            }
            try {
                for (ByteBuffer buffer : buffers) {
                    download.write(buffer, max);
                }
                flow.request(1);
            } catch (IOException e) {
                flow.cancel();
                end.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable e) {
            end.completeExceptionally(e);
        }

        @Override
        public void onComplete() {
            end.complete(download);
        }
    }
}
