package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * Reads the local tier.
 *
 * @param lenient whether what it cannot read it does not have, so that a remote tier is asked
 */
record LocalReads(LocalTier tier, boolean lenient, RateLimitedLog failures) {

    Lookup get(ActionKey action) throws TierException {
        return read(() -> tier.get(action), Lookup.miss());
    }

    boolean has(ActionKey action) throws TierException {
        return read(() -> tier.has(action), false);
    }

    Optional<Content> find(OutputId output) throws TierException {
        return read(() -> tier.find(output), Optional.empty());
    }

    boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws TierException {
        return read(() -> tier.isKnown(output, readers, sender), false);
    }

    private <T> T read(Tier.Call<T> call, T absent) throws TierException {
        try {
            return call.run();
        } catch (TierException e) {
            if (!lenient) {
                throw e;
            }
            failures.warn(e.getMessage() + "; treated as absent, so S3 is asked");
            return absent;
        }
    }
}
