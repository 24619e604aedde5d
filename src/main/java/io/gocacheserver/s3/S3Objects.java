package io.gocacheserver.s3;

import io.gocacheserver.cache.Coding;
import io.gocacheserver.cache.Content;
import io.gocacheserver.cache.RemoteTier.Offer;
import io.gocacheserver.cache.TierException;
import io.gocacheserver.cache.UploadBody;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects in a bucket, each as it is or compressed, under a key of its own for either ({@link S3Keys}). A compressed
 * one has {@code Content-Encoding: zstd} and its own length as the user metadata {@value #UNCOMPRESSED_LENGTH}: that is
 * where a reader has it from. Both forms are read, whichever is written; the preferred one is looked for first.
 */
final class S3Objects {

    static final String UNCOMPRESSED_LENGTH = "uncompressed-length";

    private static final String ZSTD = "zstd";

    private final S3Requests requests;
    private final S3Keys keys;
    private final Coding preferred;

    /**
     * @param preferred in which objects are written that are stored so; the others are written as they are
     */
    S3Objects(S3Requests requests, S3Keys keys, Coding preferred) {
        this.requests = requests;
        this.keys = keys;
        this.preferred = preferred;
    }

    Coding codingFor(Content content) {
        return content.coding() == preferred ? preferred : Coding.IDENTITY;
    }

    Optional<Content> find(OutputId output) throws TierException {
        Coding other = preferred == Coding.IDENTITY ? Coding.ZSTD : Coding.IDENTITY;
        Optional<Content> found = find(output, preferred);
        return found.isPresent() ? found : find(output, other);
    }

    /**
     * Sends an object unless it is there. Where a compressed one is to be sent, the plain one that somebody else has sent
     * will do. Not the other way round: go-cache-plugin finds plain ones only.
     */
    Offer offer(OutputId output, UploadBody body, Duration timeout) throws TierException {
        long start = System.nanoTime();
        String key = keys.output(output, body.coding());
        boolean present = requests.isPresent(key, body.md5(), timeout);
        if (!present && body.coding() != Coding.IDENTITY) {
            String plain = keys.output(output, Coding.IDENTITY);
            present = requests.isPresent(plain, body.identityMd5(), remaining(timeout, start));
        }
        if (present) {
            return Offer.FOUND;
        }
        try (S3UploadBody sent = new S3UploadBody(body)) {
            requests.put(
                    key,
                    sent.requestBody(),
                    remaining(timeout, start),
                    "object " + output,
                    request -> describe(request, body));
        }
        return Offer.SENT;
    }

    void delete(OutputId output, Duration timeout) throws TierException {
        long start = System.nanoTime();
        for (Coding coding : List.of(Coding.IDENTITY, Coding.ZSTD)) {
            requests.delete(keys.output(output, coding), remaining(timeout, start));
        }
    }

    private Optional<Content> find(OutputId output, Coding coding) throws TierException {
        String what = "object " + output;
        var found = requests.get(keys.output(output, coding), what);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ResponseInputStream<GetObjectResponse> response = found.get();
        try {
            long size = size(response.response(), coding, what);
            InputStream body = coding.decode(new S3Body(response));
            return Optional.of(new Content.Streamed(body, size));
        } catch (TierException | RuntimeException e) {
            response.abort();
            throw e;
        } catch (IOException e) {
            response.abort();
            throw S3Failure.of("read " + what, e);
        }
    }

    private static long size(GetObjectResponse response, Coding coding, String what)
            throws TierException {
        return switch (coding) {
            case IDENTITY -> {
                Long length = response.contentLength();
                if (length == null) {
                    throw S3Failure.invalid("read " + what + ": S3 did not say its length");
                }
                yield length;
            }
            case ZSTD -> uncompressedLength(response.metadata().get(UNCOMPRESSED_LENGTH), what);
        };
    }

    private static long uncompressedLength(@Nullable String text, String what)
            throws TierException {
        try {
            long size = text == null ? -1 : Long.parseLong(text);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw S3Failure.invalid(
                "read %s: it is compressed, and its metadata %s is %s"
                        .formatted(what, UNCOMPRESSED_LENGTH, text));
    }

    private static void describe(PutObjectRequest.Builder request, UploadBody body) {
        request.contentMD5(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(body.md5())));
        if (body.coding() == Coding.ZSTD) {
            request.contentEncoding(ZSTD)
                    .metadata(Map.of(UNCOMPRESSED_LENGTH, String.valueOf(body.content().size())));
        }
    }

    private static Duration remaining(Duration timeout, long start) {
        return timeout.minusNanos(System.nanoTime() - start);
    }
}
