package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.UploadBody;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Actions and objects in a bucket, under {@link S3Keys} and as {@link ActionRecord}s, so that go-cache-plugin reads what this
 * writes and the other way round; compressed objects ({@link S3Objects}) are for this service alone.
 */
public final class S3Tier implements RemoteTier {

    /** Metadata of a file. One that go-cache-plugin wrote has none. */
    private static final String SHA_256 = "sha256";

    private final S3Requests requests;
    private final S3Keys keys;
    private final S3Objects objects;
    private final S3Records records;

    /**
     * @param preferred coding in which objects are written that are stored so
     */
    public S3Tier(
            S3Client s3, String bucket, String keyPrefix, Coding preferred, Duration readTimeout) {
        this.keys = new S3Keys(keyPrefix);
        this.requests = new S3Requests(s3, bucket, keys, readTimeout);
        this.objects = new S3Objects(requests, keys, preferred);
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
        return objects.find(output);
    }

    @Override
    public Coding codingFor(Content content) {
        return objects.codingFor(content);
    }

    @Override
    public Offer putObject(OutputId output, UploadBody body, Duration timeout)
            throws TierException {
        return objects.offer(output, body, timeout);
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
                        written));
    }

    @Override
    public void putFile(Entry file, UploadBody body, Duration timeout) throws TierException {
        Map<String, String> metadata = new LinkedHashMap<>(S3Records.metadata(file.by()));
        metadata.put(SHA_256, file.output().hex());
        try (S3UploadBody sent = new S3UploadBody(body)) {
            requests.put(
                    keys.action(file.key()),
                    sent.requestBody(),
                    timeout,
                    "file " + file.key(),
                    request -> S3Objects.describe(request, body),
                    metadata);
        }
    }

    @Override
    public void deleteAction(ActionKey action, Duration timeout) throws TierException {
        requests.delete(keys.action(action), timeout);
    }

    @Override
    public void deleteObject(OutputId output, Duration timeout) throws TierException {
        objects.delete(output, timeout);
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
}
