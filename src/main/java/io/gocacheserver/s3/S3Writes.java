package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Finds out what a writer has put, from the bucket alone: the list of keys says when a record was written, and the record's
 * metadata say by whom. So each record of that time is read, {@value #AT_ONCE} at once.
 *
 * <p>A record is written after its Put, at the latest when its upload is given up; and clocks differ.
 */
final class S3Writes {

    private static final int AT_ONCE = 16;
    private static final int BATCH = 1000;
    private static final Duration SKEW = Duration.ofHours(1);
    private static final Duration LATEST_UPLOAD = Duration.ofDays(8);

    private final S3Requests requests;
    private final S3Keys keys;

    S3Writes(S3Requests requests, S3Keys keys) {
        this.requests = requests;
        this.keys = keys;
    }

    /**
     * Each action when its record is read, in the order of keys; sizes are not known, and 0. At most {@value #BATCH} are held
     * at once, however many the bucket has.
     */
    void written(WrittenBy query, Consumer<Entry> found) throws TierException {
        Namespace namespace = query.namespace();
        List<String> prefixes =
                namespace != null
                        ? List.of(keys.actions(namespace))
                        : List.of(keys.actions(Namespace.GLOBAL), keys.namespaces());
        Instant from = query.from().isBefore(Instant.EPOCH) ? Instant.EPOCH : query.from();
        List<ActionKey> batch = new ArrayList<>();
        try (ExecutorService readers =
                Executors.newFixedThreadPool(
                        AT_ONCE, Thread.ofVirtual().name("s3-writes").factory())) {
            for (String prefix : prefixes) {
                requests.list(
                        prefix,
                        each -> {
                            if (isOfThatTime(each, from, query.to())) {
                                keys.parse(each.key()).ifPresent(batch::add);
                            }
                            if (batch.size() == BATCH) {
                                read(batch, readers, query, found);
                            }
                        });
            }
            read(batch, readers, query, found);
        }
    }

    private void read(
            List<ActionKey> batch, ExecutorService readers, WrittenBy query, Consumer<Entry> found)
            throws TierException {
        List<Future<Optional<Entry>>> reads = new ArrayList<>(batch.size());
        for (ActionKey key : batch) {
            reads.add(readers.submit(() -> read(key)));
        }
        batch.clear();
        for (Future<Optional<Entry>> read : reads) {
            result(read).filter(query::matches).ifPresent(found);
        }
    }

    private static boolean isOfThatTime(S3Object object, Instant from, Instant to) {
        Instant written = object.lastModified();
        return written == null
                || (!written.plus(SKEW).isBefore(from)
                        && (to.equals(Instant.MAX)
                                || written.isBefore(to.plus(LATEST_UPLOAD).plus(SKEW))));
    }

    private Optional<Entry> read(ActionKey key) throws TierException {
        var found = requests.get(keys.action(key), "action " + key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (S3Body body = new S3Body(found.get())) {
            ActionRecord record = ActionRecord.read(body);
            return Optional.of(
                    new Entry(
                            key,
                            record.output(),
                            0,
                            record.time(),
                            WriterMetadata.parse(found.get().response().metadata())));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // nobody can read it, so it does no harm
        } catch (IOException | SdkException e) {
            throw S3Failure.of("read action " + key, e);
        }
    }

    private static <T> T result(Future<T> read) throws TierException {
        try {
            return read.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TierException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TierException.Remote(
                    TierException.Remote.Kind.UNAVAILABLE, "interrupted while listing", e);
        }
    }
}
