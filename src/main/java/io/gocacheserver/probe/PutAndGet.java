package io.gocacheserver.probe;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Puts an object of 64 KiB under an action of its own, gets it back and compares. Both are random: nothing in the cache
 * answers for it, and no build ever asks for it, so that it goes by eviction.
 */
final class PutAndGet {

    private static final int OBJECT_SIZE = 64 * 1024;
    private static final int ACTION_ID_SIZE = 32;
    private static final int STORED = 204;

    private final Request request;
    private final String url;

    PutAndGet(Request request, String url) {
        this.request = request;
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** The error; empty if there was none. */
    String failure() throws IOException, InterruptedException {
        byte[] object = random(OBJECT_SIZE);
        ActionId action = ActionId.of(random(ACTION_ID_SIZE));
        OutputId output = OutputId.of(sha256(object));
        HttpResponse<byte[]> put =
                request.put(URI.create(url + WirePaths.put(action, output)), object);
        if (put.statusCode() != STORED) {
            return unexpected("put", put);
        }
        HttpResponse<byte[]> get =
                request.get(
                        URI.create(url + WirePaths.action(action)),
                        WireHeaders.WANT_OBJECT,
                        WireHeaders.WANT_OBJECT_YES);
        if (get.statusCode() != Request.OK) {
            return unexpected("get", get);
        }
        boolean same =
                Arrays.equals(get.body(), object)
                        && get.headers()
                                .firstValue(WireHeaders.OUTPUT_ID)
                                .filter(output.hex()::equals)
                                .isPresent();
        return same ? "" : "the get of action " + action + " did not bring what was put";
    }

    private static String unexpected(String what, HttpResponse<byte[]> answer) {
        return "the %s was answered with %d: %s"
                .formatted(
                        what,
                        answer.statusCode(),
                        new String(answer.body(), StandardCharsets.UTF_8));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
