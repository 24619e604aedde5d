package io.gocacheserver.cache;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A remote tier in two maps, which notes what is done to it, and can be told to fail or to wait. */
final class InMemoryRemoteTier implements RemoteTier {

    final Map<ActionId, Entry> actions = new ConcurrentHashMap<>();
    final Map<OutputId, byte[]> objects = new ConcurrentHashMap<>();
    final List<String> writes = new CopyOnWriteArrayList<>();
    final List<Duration> timeouts = new CopyOnWriteArrayList<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger openBodies = new AtomicInteger();
    volatile @Nullable CountDownLatch gate;
    volatile boolean readsFail;
    volatile boolean objectWritesFail;
    volatile boolean actionWritesFail;
    volatile boolean bodiesBreakOff;
    volatile Runnable whileWriting = () -> {};

    @Override
    public String name() {
        return "remote";
    }

    @Override
    public Lookup get(ActionId action) throws TierException {
        read();
        Entry entry = actions.get(action);
        if (entry == null) {
            return Lookup.miss();
        }
        byte[] object = objects.get(entry.output());
        if (object == null) {
            throw new TierException.Remote("read object " + entry.output(), null);
        }
        Entry found = new Entry(action, entry.output(), object.length, entry.time());
        return new Lookup.Hit(found, streamed(object), name());
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        read();
        return Optional.ofNullable(objects.get(output)).map(this::streamed);
    }

    @Override
    public Offer putObject(OutputId output, Content content, Duration timeout)
            throws TierException {
        writes.add("object " + output);
        timeouts.add(timeout);
        whileWriting.run();
        if (objectWritesFail) {
            throw new TierException.Remote("write object " + output, null);
        }
        try (InputStream body = content.open()) {
            return objects.putIfAbsent(output, body.readAllBytes()) == null
                    ? Offer.SENT
                    : Offer.FOUND;
        } catch (IOException e) {
            throw new TierException.Remote("write object " + output, e);
        }
    }

    @Override
    public void putAction(Entry entry, Duration timeout) throws TierException {
        writes.add("action " + entry.action());
        timeouts.add(timeout);
        if (actionWritesFail) {
            throw new TierException.Remote("write action " + entry.action(), null);
        }
        actions.put(entry.action(), entry);
    }

    @Override
    public void deleteAction(ActionId action, Duration timeout) {
        writes.add("delete action " + action);
        actions.remove(action);
    }

    @Override
    public void deleteObject(OutputId output, Duration timeout) {
        writes.add("delete object " + output);
        objects.remove(output);
    }

    @Override
    public void check() {}

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
            throw new TierException.Remote("connection refused", null);
        }
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
