package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A local tier whose calls are spans. */
final class TracedLocalTier implements LocalTier {

    private final LocalTier tier;
    private final TierSpans spans;

    TracedLocalTier(LocalTier tier, TierSpans spans) {
        this.tier = tier;
        this.spans = spans;
    }

    @Override
    public String name() {
        return tier.name();
    }

    @Override
    public Lookup get(ActionKey action) throws TierException {
        return spans.call("get", action, () -> tier.get(action));
    }

    @Override
    public boolean has(ActionKey action) throws TierException {
        return spans.call("has", action, () -> tier.has(action));
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        return spans.call("find", output, () -> tier.find(output));
    }

    @Override
    public boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws TierException {
        return tier.isKnown(output, readers, sender);
    }

    @Override
    public void put(Entry entry, InputStream body, boolean upload)
            throws ObjectSourceException, TierException {
        spans.<ObjectSourceException>change("put", entry, () -> tier.put(entry, body, upload));
    }

    @Override
    public void fill(Entry entry, InputStream body) throws ObjectSourceException, TierException {
        spans.<ObjectSourceException>change("fill", entry, () -> tier.fill(entry, body));
    }

    @Override
    public void putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws ObjectSourceException, TierException {
        spans.<ObjectSourceException>change(
                "putObject", output, () -> tier.putObject(output, size, body, sender));
    }

    @Override
    public boolean putAction(Entry entry, boolean upload) throws TierException {
        return spans.call("putAction", entry, () -> tier.putAction(entry, upload));
    }

    @Override
    public void check() throws TierException {
        tier.check();
    }
}
