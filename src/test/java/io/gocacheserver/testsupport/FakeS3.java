package io.gocacheserver.testsupport;

import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.ScriptedServer.Request;
import io.gocacheserver.testsupport.ScriptedServer.Script;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * An S3 server with the manners of real ones, in memory, by path style: one bucket, named {@value #BUCKET}. It checks no
 * signature. Manners are switched while it runs.
 */
public final class FakeS3 implements Script {

    public static final String BUCKET = "bucket";

    private static final String META = "x-amz-meta-";

    private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
    private volatile Set<Manner> manners = Set.of();

    /** What a server may do that S3 itself does not, or only sometimes. */
    public enum Manner {
        /** An error's body is a web page. */
        HTML_ERRORS,
        /** An error has no body. */
        EMPTY_ERRORS,
        /** An error's body is another document than S3's. */
        OTHER_ERRORS,
        /** A missing key is 403, as for a client that may not list the bucket. */
        MISSING_IS_FORBIDDEN,
        /** Chunked payloads and streaming signatures are refused. */
        NO_CHUNKS,
        /** Checksum headers and trailers are refused. */
        NO_CHECKSUMS,
        /** Conditional requests are refused with 501. */
        NO_CONDITIONS,
        /** The same with 400. */
        CONDITIONS_ARE_BAD,
        /** Conditions are ignored. */
        IGNORES_CONDITIONS,
        /** HEAD is refused with 405. */
        NO_HEAD,
        /** The same with 403. */
        HEAD_IS_FORBIDDEN,
        /** User metadata is refused with 400. */
        NO_METADATA,
        /** User metadata and Content-Encoding get lost. */
        LOSES_METADATA,
        /** Only keys below team/ are allowed, and the bucket itself is not. */
        ONE_PREFIX,
        /** 503. */
        DOWN,
        /** 500. */
        FAILS,
        EXPIRED,
        WRONG_SECRET,
        WRONG_KEY,
        WRONG_REGION,
        NO_BUCKET,
        DENIES_ALL,
        DENIES_PUTS,
        DENIES_GETS,
        /** Objects come by half. */
        TRUNCATES,
        /** Objects come as other bytes. */
        GARBAGE,
        /** Action records make no sense. */
        BAD_RECORDS,
        /** Answers nothing, until it is closed. */
        HANGS
    }

    private record Refusal(int status, String code) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(byte[] bytes, String md5, Map<String, String> headers) {}

    /** From now on it has these manners and no other. */
    public void behave(Manner... now) {
        manners = now.length == 0 ? Set.of() : Set.copyOf(EnumSet.copyOf(Arrays.asList(now)));
    }

    /** The keys that it has, in order. */
    public Set<String> keys() {
        return objects.keySet();
    }

    /** What it has under a key. */
    public byte @Nullable [] stored(String key) {
        Stored found = objects.get(key);
        return found == null ? null : found.bytes();
    }

    /** Forgets all that it has. */
    public void forget() {
        objects.clear();
    }

    /** Stores something under a key, without metadata. */
    public void store(String key, byte[] bytes) {
        objects.put(key, new Stored(bytes, TestObject.md5(bytes), Map.of()));
    }

    @Override
    public void answer(Exchange exchange) throws IOException {
        Request request = exchange.request();
        if (isCut(request)) {
            exchange.hangUp();
            return;
        }
        if (has(Manner.HANGS)) {
            exchange.hang();
            return;
        }
        String path = URLDecoder.decode(request.path(), StandardCharsets.UTF_8);
        String key = path.startsWith("/" + BUCKET + "/") ? path.substring(BUCKET.length() + 2) : "";
        Refusal refusal = refusal(request, key);
        if (refusal != null) {
            error(exchange, refusal.status(), refusal.code());
            return;
        }
        switch (request.method()) {
            case "PUT" -> put(request, key, exchange);
            case "GET", "HEAD" -> get(request, key, exchange);
            case "DELETE" -> {
                objects.remove(key);
                exchange.answer(204, new byte[0]);
            }
            default -> error(exchange, 405, "MethodNotAllowed");
        }
    }

    private @Nullable Refusal refusal(Request request, String key) {
        Map<String, String> headers = request.headers();
        if (has(Manner.DOWN)) {
            return new Refusal(503, "SlowDown");
        } else if (has(Manner.FAILS)) {
            return new Refusal(500, "InternalError");
        } else if (has(Manner.EXPIRED)) {
            return new Refusal(400, "ExpiredToken");
        } else if (has(Manner.WRONG_SECRET)) {
            return new Refusal(403, "SignatureDoesNotMatch");
        } else if (has(Manner.WRONG_KEY)) {
            return new Refusal(403, "InvalidAccessKeyId");
        } else if (has(Manner.WRONG_REGION)) {
            return new Refusal(400, "AuthorizationHeaderMalformed");
        } else if (has(Manner.NO_BUCKET)) {
            return new Refusal(404, "NoSuchBucket");
        } else if (has(Manner.DENIES_ALL)) {
            return new Refusal(403, "AccessDenied");
        } else if (has(Manner.NO_HEAD) && request.method().equals("HEAD")) {
            return new Refusal(405, "MethodNotAllowed");
        } else if (has(Manner.HEAD_IS_FORBIDDEN) && request.method().equals("HEAD")) {
            return new Refusal(403, "AccessDenied");
        } else if (has(Manner.NO_CHUNKS) && isChunked(headers)) {
            return new Refusal(501, "NotImplemented");
        } else if (has(Manner.NO_CHECKSUMS) && any(headers, "checksum", "trailer")) {
            return new Refusal(501, "NotImplemented");
        } else if (has(Manner.NO_CONDITIONS) && isConditional(headers)) {
            return new Refusal(501, "NotImplemented");
        } else if (has(Manner.CONDITIONS_ARE_BAD) && isConditional(headers)) {
            return new Refusal(400, "InvalidArgument");
        } else if (has(Manner.NO_METADATA) && any(headers, META)) {
            return new Refusal(400, "InvalidArgument");
        } else if (has(Manner.ONE_PREFIX) && !key.startsWith("team/")) {
            return new Refusal(403, "AccessDenied");
        }
        return null;
    }

    private void put(Request request, String key, Exchange exchange) throws IOException {
        if (has(Manner.DENIES_PUTS)) {
            error(exchange, 403, "AccessDenied");
            return;
        }
        Map<String, String> headers = new TreeMap<>();
        request.headers()
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(META) || name.equals("content-encoding")) {
                                headers.put(name, value);
                            }
                        });
        Stored next = new Stored(request.body(), TestObject.md5(request.body()), headers);
        Stored now = objects.get(key);
        if (!conditionHolds(request, now)) {
            error(exchange, now == null ? 404 : 412, now == null ? "NoSuchKey" : "Precondition");
            return;
        }
        objects.put(key, next);
        exchange.answer(200, new byte[0], "ETag: \"" + next.md5() + '"');
    }

    private void get(Request request, String key, Exchange exchange) throws IOException {
        if (has(Manner.DENIES_GETS)) {
            error(exchange, 403, "AccessDenied");
            return;
        }
        Stored found = objects.get(key);
        if (found == null) {
            boolean forbidden = has(Manner.MISSING_IS_FORBIDDEN);
            error(exchange, forbidden ? 403 : 404, forbidden ? "AccessDenied" : "NoSuchKey");
            return;
        }
        if (!conditionHolds(request, found)) {
            boolean unchanged = request.headers().containsKey("if-none-match");
            exchange.answer(unchanged ? 304 : 412, new byte[0]);
            return;
        }
        List<String> headers = new ArrayList<>();
        headers.add("ETag: \"" + found.md5() + '"');
        if (!has(Manner.LOSES_METADATA)) {
            found.headers().forEach((name, value) -> headers.add(name + ": " + value));
        }
        exchange.answer(200, bytes(key, found.bytes()), headers.toArray(String[]::new));
    }

    private byte[] bytes(String key, byte[] bytes) {
        if (key.contains("output/") && has(Manner.TRUNCATES)) {
            return Arrays.copyOf(bytes, bytes.length / 2);
        } else if (key.contains("output/") && has(Manner.GARBAGE)) {
            byte[] garbage = new byte[bytes.length];
            Arrays.fill(garbage, (byte) 'x');
            return garbage;
        } else if (key.contains("action/") && has(Manner.BAD_RECORDS)) {
            return "hello world\n".getBytes(StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    private boolean conditionHolds(Request request, @Nullable Stored stored) {
        if (has(Manner.IGNORES_CONDITIONS)) {
            return true;
        }
        String match = request.headers().get("if-match");
        if (match != null) {
            return stored != null && match.equals('"' + stored.md5() + '"');
        }
        String noneMatch = request.headers().get("if-none-match");
        return noneMatch == null
                || stored == null
                || !(noneMatch.equals("*") || noneMatch.equals('"' + stored.md5() + '"'));
    }

    private void error(Exchange exchange, int status, String code) throws IOException {
        String body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
        if (has(Manner.HTML_ERRORS)) {
            body = "<!DOCTYPE html><html><body><hr>" + status + "</body></html>";
        } else if (has(Manner.OTHER_ERRORS)) {
            body = "<ErrorResponse><Error><Code>Gone</Code></Error></ErrorResponse>";
        } else if (has(Manner.EMPTY_ERRORS)) {
            body = "";
        }
        exchange.answer(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the client went before it had sent the whole body. */
    private static boolean isCut(Request request) {
        String announced = request.headers().getOrDefault("content-length", "0");
        return request.body().length < Integer.parseInt(announced);
    }

    private static boolean isChunked(Map<String, String> headers) {
        return headers.getOrDefault("content-encoding", "").contains("aws-chunked")
                || headers.getOrDefault("x-amz-content-sha256", "").contains("STREAMING")
                || headers.containsKey("transfer-encoding");
    }

    private static boolean isConditional(Map<String, String> headers) {
        return headers.containsKey("if-match") || headers.containsKey("if-none-match");
    }

    private static boolean any(Map<String, String> headers, String... parts) {
        return headers.keySet().stream()
                .anyMatch(name -> Arrays.stream(parts).anyMatch(name::contains));
    }

    private boolean has(Manner manner) {
        return manners.contains(manner);
    }
}
