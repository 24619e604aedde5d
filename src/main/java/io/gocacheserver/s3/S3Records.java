package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Gatherers;

/**
 * The action records in a bucket, with their writers as user metadata: {@code written-token}, {@code written-issuer} and so
 * on, each in UTF-8 and percent-encoded, since S3 takes ASCII. go-cache-plugin neither writes nor minds them.
 *
 * <p>What a writer has put is found from the bucket alone: the list of keys says when a record was written, and the record's
 * metadata say by whom. So each record of that time is read, {@value #AT_ONCE} at once. A record is written after its Put, at
 * the latest when its upload is given up; and clocks differ.
 */
record S3Records(S3Requests requests, S3Keys keys) {

    private static final int AT_ONCE = 16;
    private static final Duration SKEW = Duration.ofHours(1);
    private static final Duration LATEST_UPLOAD = Duration.ofDays(8);
    private static final int MAX_ENCODED = 260;
    private static final String PREFIX = "written-";

    /** An action's record; its size is not known, and 0. Nothing if there is none. */
    Optional<Entry> read(ActionKey key) throws TierException {
        String what = "action " + key;
        var found = requests.get(keys.action(key), what);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (S3Body body = new S3Body(found.get())) {
            ActionRecord record = ActionRecord.read(body);
            Provenance by = writer(found.get().response().metadata());
            return Optional.of(new Entry(key, record.output(), 0, record.time(), by));
        } catch (IOException | SdkException | IllegalArgumentException e) {
            throw S3Failure.of("read " + what, e);
        }
    }

    void write(Entry entry, Duration timeout) throws TierException {
        byte[] bytes = new ActionRecord(entry.output(), entry.time()).format();
        requests.put(
                keys.action(entry.key()),
                RequestBody.fromBytes(bytes),
                timeout,
                "action " + entry.key(),
                request -> {},
                metadata(entry.by()));
    }

    /** Each action when its record is read, in the order of keys; a page of them at a time, however many the bucket has. */
    void written(WrittenBy query, Consumer<Entry> found) throws TierException {
        Namespace namespace = query.namespace();
        List<String> prefixes =
                namespace != null
                        ? List.of(keys.actions(namespace))
                        : List.of(keys.actions(Namespace.GLOBAL), keys.namespaces());
        for (String prefix : prefixes) {
            List<S3Object> page = requests.page(prefix, null);
            while (!page.isEmpty()) {
                try {
                    page.stream()
                            .filter(object -> isOfThatTime(object, query))
                            .flatMap(object -> keys.parse(object.key()).stream())
                            .gather(Gatherers.mapConcurrent(AT_ONCE, this::readIfValid))
                            .flatMap(Optional::stream)
                            .filter(query::matches)
                            .forEach(found);
                } catch (UnreadRecordException e) {
                    throw e.failure;
                }
                page = requests.page(prefix, page.getLast().key());
            }
        }
    }

    private Optional<Entry> readIfValid(ActionKey key) {
        try {
            return read(key);
        } catch (TierException e) {
            if (e instanceof TierException.Remote remote
                    && remote.kind() == TierException.Remote.Kind.INVALID) {
                return Optional.empty();
            }
            throw new UnreadRecordException(e);
        }
    }

    /** Carries a failure out of a stream. */
    private static final class UnreadRecordException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final TierException failure;

        UnreadRecordException(TierException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private static boolean isOfThatTime(S3Object object, WrittenBy query) {
        Instant written = object.lastModified();
        return written == null
                || (!written.plus(SKEW).isBefore(query.from())
                        && written.minus(LATEST_UPLOAD).minus(SKEW).isBefore(query.to()));
    }

    /** A writer as metadata. S3 takes 2 KB in all: what is too long is cut. */
    static Map<String, String> metadata(Provenance by) {
        Map<String, String> metadata = new LinkedHashMap<>();
        @Nullable String[] texts = by.texts();
        for (int i = 0; i < texts.length; i++) {
            String cut = texts[i];
            if (cut != null) {
                while (encoded(cut).length() > MAX_ENCODED) {
                    cut = cut.substring(0, cut.length() - 1);
                }
                metadata.put(PREFIX + Provenance.NAMES.get(i), encoded(cut));
            }
        }
        return metadata;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static Provenance writer(Map<String, String> metadata) {
        return Provenance.of(
                name -> {
                    String value = metadata.get(PREFIX + name);
                    try {
                        return value == null
                                ? null
                                : URLDecoder.decode(value, StandardCharsets.UTF_8);
                    } catch (IllegalArgumentException e) {
                        return value; // somebody else's
                    }
                });
    }
}
