package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** A tier whose calls are spans: those that all tiers have. */
abstract class TracedTier<T extends Tier> implements Tier {

    final T tier;
    final TierSpans spans;

    TracedTier(T tier, TierSpans spans) {
        this.tier = tier;
        this.spans = spans;
    }

    @Override
    public final String name() {
        return tier.name();
    }

    @Override
    public final Lookup get(ActionKey action) throws TierException {
        return spans.call("get", action, () -> tier.get(action));
    }

    @Override
    public final boolean has(ActionKey action) throws TierException {
        return spans.call("has", action, () -> tier.has(action));
    }

    @Override
    public final Optional<Content> find(OutputId output) throws TierException {
        return spans.call("find", output, () -> tier.find(output));
    }

    @Override
    public final Page actions(Namespace namespace, @Nullable String after) throws TierException {
        return tier.actions(namespace, after);
    }

    @Override
    public final void check() throws TierException {
        tier.check();
    }
}
