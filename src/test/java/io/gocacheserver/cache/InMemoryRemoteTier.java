package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.RemoteTier.UploadBody;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A remote tier in two maps, which notes what is done to it, and can be told to fail or to wait. */
public final class InMemoryRemoteTier implements RemoteTier {

    public volatile TierException.Remote.Kind failsWith = TierException.Remote.Kind.UNAVAILABLE;
    public final List<UploadBody> bodies = new CopyOnWriteArrayList<>();
    public final Map<ActionKey, Entry> actions = new ConcurrentHashMap<>();
    public final Map<OutputId, byte[]> objects = new ConcurrentHashMap<>();
    public final Map<ActionKey, byte[]> files = new ConcurrentHashMap<>();
    public volatile Instant fileTime = Instant.EPOCH;
    public final List<String> writes = new CopyOnWriteArrayList<>();
    public final List<Duration> timeouts = new CopyOnWriteArrayList<>();
    public final AtomicInteger reads = new AtomicInteger();
    public final AtomicInteger openBodies = new AtomicInteger();
    public volatile @Nullable CountDownLatch gate;
    public volatile boolean readsFail;
    public volatile boolean objectWritesFail;
    public volatile boolean actionWritesFail;
    public volatile boolean bodiesBreakOff;
    public volatile boolean deletesFail;
    public volatile boolean codes;
    public volatile Runnable whileWriting = () -> {};
    public volatile Runnable whileDeleting = () -> {};

    @Override
    public String name() {
        return "remote";
    }

    @Override
    public boolean has(ActionKey action) throws TierException {
        read();
        return actions.containsKey(action);
    }

    @Override
    public Lookup get(ActionKey action) throws TierException {
        read();
        Entry entry = actions.get(action);
        if (entry == null) {
            return Lookup.miss();
        }
        byte[] object = objects.get(entry.output());
        if (object == null) {
            throw failure("read object " + entry.output());
        }
        Entry found = new Entry(action, entry.output(), object.length, entry.time(), entry.by());
        return new Lookup.Hit(found, streamed(object), name());
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        read();
        return Optional.ofNullable(objects.get(output)).map(this::streamed);
    }

    @Override
    public Coding codingFor(Content content) {
        return codes ? content.coding() : Coding.IDENTITY;
    }

    @Override
    public Offer putObject(OutputId output, UploadBody body, Duration timeout)
            throws TierException {
        writes.add("object " + output);
        timeouts.add(timeout);
        whileWriting.run();
        if (objectWritesFail) {
            throw failure("write object " + output);
        }
        bodies.add(body);
        try (InputStream stream = body.content().open()) {
            return objects.putIfAbsent(output, stream.readAllBytes()) == null
                    ? Offer.SENT
                    : Offer.FOUND;
        } catch (IOException e) {
            throw failure("write object " + output);
        }
    }

    @Override
    public void putAction(Entry entry, Duration timeout) throws TierException {
        writes.add("action " + entry.key());
        timeouts.add(timeout);
        if (actionWritesFail) {
            throw failure("write action " + entry.key());
        }
        actions.put(entry.key(), entry);
    }

    @Override
    public Optional<RemoteFile> file(ActionKey name) throws TierException {
        read();
        return Optional.ofNullable(files.get(name))
                .map(file -> new RemoteFile(streamed(file), null, fileTime, Provenance.UNKNOWN));
    }

    @Override
    public void putFile(Entry file, UploadBody body, Duration timeout) throws TierException {
        writes.add("file " + file.key());
        if (objectWritesFail) {
            throw failure("write file " + file.key());
        }
        try (InputStream stream = body.open()) {
            files.put(file.key(), stream.readAllBytes());
        } catch (IOException e) {
            throw failure("write file " + file.key());
        }
    }

    @Override
    public void written(WrittenBy query, Consumer<Entry> found) throws TierException {
        read();
        List.copyOf(actions.values()).stream().filter(query::matches).forEach(found);
    }

    @Override
    public void deleteAction(ActionKey action, Duration timeout) throws TierException {
        writes.add("delete action " + action);
        failDeletes("delete action " + action);
        actions.remove(action);
        files.remove(action);
    }

    @Override
    public void deleteObject(OutputId output, Duration timeout) throws TierException {
        writes.add("delete object " + output);
        failDeletes("delete object " + output);
        objects.remove(output);
    }

    @Override
    public Page actions(Namespace namespace, @Nullable String after) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void check() {}

    private void failDeletes(String message) throws TierException {
        whileDeleting.run();
        if (deletesFail) {
            throw failure(message);
        }
    }

    private void read() throws TierException {
        reads.incrementAndGet();
        CountDownLatch latch = gate;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (readsFail) {
            throw failure("connection refused");
        }
    }

    private TierException failure(String message) {
        return new TierException.Remote(failsWith, message, null);
    }

    private Content streamed(byte[] object) {
        openBodies.incrementAndGet();
        return new Content.Streamed(new Body(object), object.length);
    }

    private final class Body extends FilterInputStream {

        Body(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (bodiesBreakOff) {
                throw new IOException("connection reset");
            }
            return super.read(buffer, offset, length);
        }

        @Override
        public void close() {
            openBodies.decrementAndGet();
        }
    }
}
