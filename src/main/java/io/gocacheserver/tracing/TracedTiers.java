package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierDecorator;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * Puts spans before the tiers: each call that is about an action, an object or an entry, its first argument, is one, such as
 * {@code disk get} or {@code s3 putObject}, with the IDs and whether it was there.
 */
record TracedTiers(ObservationRegistry registry) implements TierDecorator {

    @Override
    public LocalTier decorate(LocalTier tier) {
        return traced(LocalTier.class, tier);
    }

    @Override
    public RemoteTier decorate(RemoteTier tier) {
        return traced(RemoteTier.class, tier);
    }

    private <T extends Tier> T traced(Class<T> type, T tier) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> call(tier, method, arguments)));
    }

    private @Nullable Object call(Tier tier, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Object about = arguments == null ? null : arguments[0];
        if (!(about instanceof ActionKey || about instanceof OutputId || about instanceof Entry)) {
            return invoke(tier, method, arguments);
        }
        Observation observation =
                Observation.createNotStarted("gocache.tier", registry)
                        .contextualName(tier.name() + " " + method.getName())
                        .lowCardinalityKeyValue("tier", tier.name())
                        .lowCardinalityKeyValue("operation", method.getName());
        describe(observation, about);
        observation.lowCardinalityKeyValue("outcome", "error").start();
        try (var _ = observation.openScope()) {
            Object result = invoke(tier, method, arguments);
            observation.lowCardinalityKeyValue("outcome", outcome(result));
            return result;
        } catch (Throwable e) {
            observation.error(e);
            throw e;
        } finally {
            observation.stop();
        }
    }

    private static @Nullable Object invoke(
            Tier tier, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(tier, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void describe(Observation observation, Object about) {
        switch (about) {
            case ActionKey key -> {
                observation.highCardinalityKeyValue("action", key.action().hex());
                observation.highCardinalityKeyValue("namespace", key.namespace().name());
            }
            case OutputId output -> observation.highCardinalityKeyValue("output", output.hex());
            case Entry entry -> {
                describe(observation, entry.key());
                describe(observation, entry.output());
                observation.highCardinalityKeyValue("size", Long.toString(entry.size()));
            }
            default -> {}
        }
    }

    private static String outcome(@Nullable Object result) {
        return switch (result) {
            case Lookup.Hit _ -> "hit";
            case Lookup.Miss _ -> "miss";
            case Optional<?> found -> found.isPresent() ? "hit" : "miss";
            case Boolean found -> found ? "hit" : "miss";
            case null, default -> "done";
        };
    }
}
