package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.List;

/** A local tier whose calls are spans. */
final class TracedLocalTier extends TracedTier<LocalTier> implements LocalTier {

    TracedLocalTier(LocalTier tier, TierSpans spans) {
        super(tier, spans);
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
}
