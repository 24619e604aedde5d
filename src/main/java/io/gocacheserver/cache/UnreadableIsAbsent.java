package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A local tier before a remote one: what it cannot read it does not have, so that the remote tier is asked. */
final class UnreadableIsAbsent implements LocalTier {

    private final LocalTier tier;
    private final RateLimitedLog failures;

    private interface Read<T> {
        T run() throws TierException;
    }

    UnreadableIsAbsent(LocalTier tier, RateLimitedLog failures) {
        this.tier = tier;
        this.failures = failures;
    }

    @Override
    public String name() {
        return tier.name();
    }

    @Override
    public Lookup get(ActionKey action) {
        return read(() -> tier.get(action), Lookup.miss());
    }

    @Override
    public boolean has(ActionKey action) {
        return read(() -> tier.has(action), false);
    }

    @Override
    public Optional<Content> find(OutputId output) {
        return read(() -> tier.find(output), Optional.empty());
    }

    @Override
    public boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender) {
        return read(() -> tier.isKnown(output, readers, sender), false);
    }

    @Override
    public void put(Entry entry, InputStream body, boolean upload)
            throws ObjectSourceException, TierException {
        tier.put(entry, body, upload);
    }

    @Override
    public void fill(Entry entry, InputStream body) throws ObjectSourceException, TierException {
        tier.fill(entry, body);
    }

    @Override
    public void putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws ObjectSourceException, TierException {
        tier.putObject(output, size, body, sender);
    }

    @Override
    public boolean putAction(Entry entry, boolean upload) throws TierException {
        return tier.putAction(entry, upload);
    }

    @Override
    public void check() throws TierException {
        tier.check();
    }

    private <T> T read(Read<T> read, T absent) {
        try {
            return read.run();
        } catch (TierException e) {
            failures.warn(e.getMessage() + "; treated as absent, so S3 is asked");
            return absent;
        }
    }
}
