package io.gocacheserver.s3;

import io.gocacheserver.cache.Content;
import io.gocacheserver.cache.Lookup;
import io.gocacheserver.cache.RemoteTier;
import io.gocacheserver.cache.TierException;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Actions and objects in a bucket, under {@link S3Keys} and as {@link ActionRecord}s, so that go-cache-plugin reads what
 * this writes and the other way round.
 */
public final class S3Tier implements RemoteTier {

    private static final Logger log = LoggerFactory.getLogger(S3Tier.class);
    private static final int MAX_RECORD_BYTES = 4096;

    private final S3Client s3;
    private final String bucket;
    private final S3Keys keys;
    private final Duration readTimeout;

    /**
     * @param keyPrefix put before each key, with a slash between; empty for none
     * @param readTimeout until S3 begins to answer a read, retries included
     */
    public S3Tier(S3Client s3, String bucket, String keyPrefix, Duration readTimeout) {
        this.s3 = s3;
        this.bucket = bucket;
        this.keys = new S3Keys(keyPrefix);
        this.readTimeout = readTimeout;
    }

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public Lookup get(ActionId action) throws TierException {
        Optional<ActionRecord> found = readAction(action);
        if (found.isEmpty()) {
            return Lookup.miss();
        }
        ActionRecord actionRecord = found.get();
        Content content =
                find(actionRecord.output())
                        .orElseThrow(
                                () ->
                                        new TierException.Remote(
                                                "read object %s of action %s: the bucket does not have it"
                                                        .formatted(actionRecord.output(), action),
                                                null));
        Entry entry = new Entry(action, actionRecord.output(), content.size(), actionRecord.time());
        return new Lookup.Hit(entry, content, name());
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        String what = "object " + output;
        var found = read(keys.output(output), what);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Long size = found.get().response().contentLength();
        if (size == null) {
            found.get().abort();
            throw new TierException.Remote("read " + what + ": S3 did not say its length", null);
        }
        return Optional.of(new Content.Streamed(new S3Body(found.get()), size));
    }

    @Override
    public Offer putObject(OutputId output, Content content, Duration timeout)
            throws TierException {
        long start = System.nanoTime();
        String md5 = md5(output, content);
        String key = keys.output(output);
        if (isPresent(key, md5, timeout)) {
            return Offer.FOUND;
        }
        Duration remaining = timeout.minusNanos(System.nanoTime() - start);
        put(key, md5, body(content), remaining, "object " + output);
        return Offer.SENT;
    }

    @Override
    public void putAction(Entry entry, Duration timeout) throws TierException {
        byte[] bytes = new ActionRecord(entry.output(), entry.time()).format();
        put(
                keys.action(entry.action()),
                null,
                RequestBody.fromBytes(bytes),
                timeout,
                "action " + entry.action());
    }

    @Override
    public void deleteAction(ActionId action, Duration timeout) throws TierException {
        delete(keys.action(action), timeout);
    }

    @Override
    public void deleteObject(OutputId output, Duration timeout) throws TierException {
        delete(keys.output(output), timeout);
    }

    @Override
    public void check() throws TierException {
        try {
            s3.headBucket(
                    request ->
                            request.bucket(bucket)
                                    .overrideConfiguration(o -> o.apiCallTimeout(readTimeout)));
        } catch (SdkException e) {
            throw failure("reach bucket " + bucket, e);
        }
    }

    private Optional<ActionRecord> readAction(ActionId action) throws TierException {
        String what = "action " + action;
        var found = read(keys.action(action), what);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (S3Body body = new S3Body(found.get())) {
            return Optional.of(ActionRecord.parse(body.readNBytes(MAX_RECORD_BYTES)));
        } catch (IOException | SdkException | IllegalArgumentException e) {
            throw failure("read " + what, e);
        }
    }

    private Optional<ResponseInputStream<GetObjectResponse>> read(String key, String what)
            throws TierException {
        try {
            return Optional.of(
                    s3.getObject(
                            request ->
                                    request.bucket(bucket)
                                            .key(key)
                                            .overrideConfiguration(
                                                    o -> o.apiCallTimeout(readTimeout))));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw failure("read " + what, e);
        }
    }

    /** Whether the bucket has the key with this very content. Any doubt means no: then the object is sent. */
    private boolean isPresent(String key, String md5, Duration timeout) throws TierException {
        try {
            s3.headObject(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .ifMatch('"' + md5 + '"')
                                    .overrideConfiguration(o -> o.apiCallTimeout(timeout)));
            return true;
        } catch (S3Exception e) {
            log.trace("HEAD {}: {}", key, e.statusCode());
            return false;
        } catch (SdkException e) {
            throw failure("look for " + key, e);
        }
    }

    private void put(
            String key, @Nullable String md5, RequestBody body, Duration timeout, String what)
            throws TierException {
        if (!timeout.isPositive()) {
            throw new TierException.Remote("write %s: no time left".formatted(what), null);
        }
        PutObjectRequest.Builder request =
                PutObjectRequest.builder()
                        .bucket(bucket)
                        .key(key)
                        .overrideConfiguration(o -> o.apiCallTimeout(timeout));
        if (md5 != null) {
            request.contentMD5(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(md5)));
        }
        try {
            s3.putObject(request.build(), body);
        } catch (SdkException e) {
            throw failure("write " + what, e);
        }
    }

    private void delete(String key, Duration timeout) throws TierException {
        try {
            s3.deleteObject(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .overrideConfiguration(o -> o.apiCallTimeout(timeout)));
        } catch (SdkException e) {
            throw failure("delete " + key, e);
        }
    }

    private static String md5(OutputId output, Content content) throws TierException {
        try (InputStream in = content.open()) {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), md5));
            return HexFormat.of().formatHex(md5.digest());
        } catch (IOException e) {
            throw new TierException.LocalRead("read object %s".formatted(output), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }

    private static RequestBody body(Content content) {
        return switch (content) {
            case Content.InMemory memory -> RequestBody.fromBytes(memory.stored());
            case Content.InFile file -> RequestBody.fromFile(file.path());
            case Content.Streamed(var stream, long size) ->
                    RequestBody.fromInputStream(stream, size);
        };
    }

    private static TierException.Remote failure(String what, Exception cause) {
        return new TierException.Remote(what + ": " + cause.getMessage(), cause);
    }
}
