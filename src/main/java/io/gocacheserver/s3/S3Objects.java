package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.RemoteTier.Offer;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.UploadBody;
import io.gocacheserver.model.OutputId;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The objects in a bucket, each as it is or compressed, under a key of its own for either ({@link S3Keys}). A compressed one
 * has {@code Content-Encoding: zstd} and its own length as the user metadata {@value #UNCOMPRESSED_LENGTH}: that is where a
 * reader has it from. Where copying or a gateway has lost them, it is recognised by its first bytes, and read once more, to
 * find its length. Both forms are read, whichever is written; the preferred one is looked for first.
 */
final class S3Objects {

    static final String UNCOMPRESSED_LENGTH = "uncompressed-length";

    private static final String ZSTD = "zstd";

    /** The first bytes of a Zstandard frame (RFC 8878, 3.1.1). */
    private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

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
        boolean present = requests.has(key, body.md5(), timeout);
        if (!present && body.coding() != Coding.IDENTITY) {
            String plain = keys.output(output, Coding.IDENTITY);
            present = requests.has(plain, body.identityMd5(), remaining(timeout, start));
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
                    request -> describe(request, body),
                    metadata(body));
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
        String key = keys.output(output, coding);
        String what = "object " + output;
        var found = requests.get(key, what);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ResponseInputStream<GetObjectResponse> response = found.get();
        try {
            return Optional.of(content(response, coding, key, what));
        } catch (TierException | RuntimeException e) {
            response.abort();
            throw e;
        } catch (IOException e) {
            response.abort();
            throw S3Failure.of("read " + what, e);
        }
    }

    private Content content(
            ResponseInputStream<GetObjectResponse> response, Coding coding, String key, String what)
            throws IOException, TierException {
        InputStream body = new S3Body(response);
        if (coding == Coding.ZSTD) {
            OptionalLong size = uncompressedLength(response.response());
            if (size.isPresent()) {
                return new Content.Streamed(coding.decode(body), size.getAsLong());
            }
            PushbackInputStream peeked = new PushbackInputStream(body, ZSTD_MAGIC.length);
            byte[] start = peeked.readNBytes(ZSTD_MAGIC.length);
            peeked.unread(start);
            if (Arrays.equals(start, ZSTD_MAGIC)) {
                return new Content.Streamed(coding.decode(peeked), decodedLength(key, what));
            }
            body = peeked;
        }
        Long length = response.response().contentLength();
        if (length == null) {
            throw S3Failure.invalid("read " + what + ": S3 did not say its length");
        }
        return new Content.Streamed(body, length);
    }

    private static OptionalLong uncompressedLength(GetObjectResponse response) {
        String text = response.metadata().get(UNCOMPRESSED_LENGTH);
        try {
            long size = text == null ? -1 : Long.parseLong(text);
            return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private long decodedLength(String key, String what) throws IOException, TierException {
        var found = requests.get(key, what);
        if (found.isEmpty()) {
            throw S3Failure.invalid("read " + what + ": it has just been removed");
        }
        try (InputStream decoded = Coding.ZSTD.decode(new S3Body(found.get()))) {
            return decoded.transferTo(OutputStream.nullOutputStream());
        }
    }

    static void describe(PutObjectRequest.Builder request, UploadBody body) {
        request.contentMD5(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(body.md5())));
        if (body.coding() == Coding.ZSTD) {
            request.contentEncoding(ZSTD);
        }
    }

    private static Map<String, String> metadata(UploadBody body) {
        return body.coding() == Coding.ZSTD
                ? Map.of(UNCOMPRESSED_LENGTH, String.valueOf(body.content().size()))
                : Map.of();
    }

    private static Duration remaining(Duration timeout, long start) {
        return timeout.minusNanos(System.nanoTime() - start);
    }
}
