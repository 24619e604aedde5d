package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.RemoteTier.Offer;
import io.gocacheserver.cache.tier.RemoteTier.UploadBody;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Actions and objects in a bucket, under {@link S3Keys} and as {@link ActionRecord}s, so that go-cache-plugin reads what this
 * writes and the other way round; compressed objects are for this service alone.
 *
 * <p>Objects are as they are or compressed, under a key of its own for either. A compressed one has {@code Content-Encoding:
 * zstd} and its own length as the user metadata {@value #UNCOMPRESSED_LENGTH}; where these are lost, it is recognised by its
 * first bytes, and read once more, to find its length. Both forms are read; the preferred one is looked for first.
 */
public final class S3Tier implements RemoteTier {

    /** Metadata of a file. One that go-cache-plugin wrote has none. */
    private static final String SHA_256 = "sha256";

    private static final String UNCOMPRESSED_LENGTH = "uncompressed-length";
    private static final String ZSTD = "zstd";
    private static final String CONTENT_TYPE = "application/octet-stream";

    /** The first bytes of a Zstandard frame (RFC 8878, 3.1.1). */
    private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private final S3Requests requests;
    private final S3Keys keys;
    private final Coding preferred;
    private final S3Records records;

    /**
     * @param preferred coding in which objects are written that are stored so
     */
    public S3Tier(
            S3Client s3, String bucket, String keyPrefix, Coding preferred, Duration readTimeout) {
        this.keys = new S3Keys(keyPrefix);
        this.requests = new S3Requests(s3, bucket, keys, readTimeout);
        this.preferred = preferred;
        this.records = new S3Records(requests, keys);
    }

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public Lookup get(ActionKey action) throws TierException {
        Optional<Entry> found = records.read(action);
        if (found.isEmpty()) {
            return Lookup.miss();
        }
        Entry record = found.get();
        Optional<Content> content = find(record.output());
        if (content.isEmpty()) {
            throw S3Failure.invalid(
                    "read object %s of action %s: the bucket does not have it"
                            .formatted(record.output(), action));
        }
        long size = content.get().size();
        Entry entry = new Entry(action, record.output(), size, record.time(), record.by());
        return new Lookup.Hit(entry, content.get(), name());
    }

    @Override
    public boolean has(ActionKey action) throws TierException {
        return requests.exists(keys.action(action), "action " + action);
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        Coding other = preferred == Coding.IDENTITY ? Coding.ZSTD : Coding.IDENTITY;
        Optional<Content> found = find(output, preferred);
        return found.isPresent() ? found : find(output, other);
    }

    @Override
    public Coding codingFor(Content content) {
        return content.coding() == preferred ? preferred : Coding.IDENTITY;
    }

    /**
     * Where a compressed one is to be sent, the plain one that somebody else has sent will do. Not the other way round:
     * go-cache-plugin finds plain ones only.
     */
    @Override
    public Offer putObject(OutputId output, UploadBody body, Duration timeout)
            throws TierException {
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
        send(key, body, remaining(timeout, start), "object " + output, metadata(body));
        return Offer.SENT;
    }

    @Override
    public void putAction(Entry entry, Duration timeout) throws TierException {
        records.write(entry, timeout);
    }

    @Override
    public Optional<RemoteFile> file(ActionKey name) throws TierException {
        String what = "file " + name;
        var found = requests.get(keys.action(name), what);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        GetObjectResponse answer = found.get().response();
        Long length = answer.contentLength();
        Instant written = answer.lastModified();
        if (length == null || written == null) {
            found.get().abort();
            throw S3Failure.invalid("read " + what + ": S3 did not say its length or time");
        }
        String sha256 = answer.metadata().get(SHA_256);
        return Optional.of(
                new RemoteFile(
                        new Content.Streamed(new S3Body(found.get()), length),
                        sha256 != null && sha256.matches("[0-9a-f]{64}")
                                ? new OutputId(sha256)
                                : null,
                        written,
                        S3Records.writer(answer.metadata())));
    }

    @Override
    public void putFile(Entry file, UploadBody body, Duration timeout) throws TierException {
        Map<String, String> metadata = new LinkedHashMap<>(S3Records.metadata(file.by()));
        metadata.put(SHA_256, file.output().hex());
        send(keys.action(file.key()), body, timeout, "file " + file.key(), metadata);
    }

    private void send(
            String key,
            UploadBody body,
            Duration timeout,
            String what,
            Map<String, String> metadata)
            throws TierException {
        List<Content.Streamed> opened =
                new ArrayList<>(); // at each attempt of the SDK, which closes none
        ContentStreamProvider attempt =
                () -> {
                    try {
                        opened.add(new Content.Streamed(body.open(), body.length()));
                        return opened.getLast().stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        try {
            RequestBody sent =
                    RequestBody.fromContentProvider(attempt, body.length(), CONTENT_TYPE);
            requests.put(key, sent, timeout, what, r -> describe(r, body), metadata);
        } finally {
            opened.forEach(Content.Streamed::discard);
        }
    }

    @Override
    public void deleteAction(ActionKey action, Duration timeout) throws TierException {
        requests.delete(keys.action(action), timeout);
    }

    @Override
    public void deleteObject(OutputId output, Duration timeout) throws TierException {
        long start = System.nanoTime();
        for (Coding coding : List.of(Coding.IDENTITY, Coding.ZSTD)) {
            requests.delete(keys.output(output, coding), remaining(timeout, start));
        }
    }

    @Override
    public void check() throws TierException {
        requests.checkBucket();
    }

    @Override
    public void written(WrittenBy query, Consumer<Entry> found) throws TierException {
        records.written(query, found);
    }

    @Override
    public Page actions(Namespace namespace, @Nullable String after) throws TierException {
        List<S3Object> found = requests.page(keys.actions(namespace), after);
        List<ActionId> actions = new ArrayList<>(found.size());
        for (S3Object object : found) {
            keys.parse(object.key()).ifPresent(parsed -> actions.add(parsed.action()));
        }
        return new Page(actions, found.isEmpty() ? null : found.getLast().key());
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
        String text = response.metadata().getOrDefault(UNCOMPRESSED_LENGTH, "");
        return text.matches("[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
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

    private static void describe(PutObjectRequest.Builder request, UploadBody body) {
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
