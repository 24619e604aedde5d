package io.gocacheserver.tracing;

import io.gocacheserver.cache.LocalTier;
import io.gocacheserver.cache.Lookup;
import io.gocacheserver.cache.RemoteTier;
import io.gocacheserver.cache.Tier;
import io.gocacheserver.cache.TierDecorator;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a span of what is asked of a tier, such as {@code disk get} or {@code s3 putObject}, with the IDs that it is about
 * and whether it was there. By a proxy, since the spans of all methods are alike.
 */
final class TracedTiers implements TierDecorator {

    /** What takes time; all else is asked for metrics and in the background. */
    private static final Set<String> TRACED =
            Set.of(
                    "get",
                    "has",
                    "find",
                    "put",
                    "fill",
                    "putObject",
                    "putAction",
                    "remove",
                    "deleteAction",
                    "deleteObject");

    private final ObservationRegistry registry;

    TracedTiers(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public LocalTier decorate(LocalTier tier) {
        return proxy(LocalTier.class, tier);
    }

    @Override
    public RemoteTier decorate(RemoteTier tier) {
        return proxy(RemoteTier.class, tier);
    }

    private <T extends Tier> T proxy(Class<T> type, T tier) {
        InvocationHandler handler =
                (proxy, method, arguments) -> {
                    if (!TRACED.contains(method.getName())) {
                        return call(method, tier, arguments);
                    }
                    return traced(method, tier, arguments);
                };
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object traced(Method method, Tier tier, Object @Nullable [] arguments)
            throws Throwable {
        Observation observation =
                Observation.createNotStarted("gocache.tier", registry)
                        .contextualName(tier.name() + " " + method.getName())
                        .lowCardinalityKeyValue("tier", tier.name())
                        .lowCardinalityKeyValue("operation", method.getName());
        for (Object argument : arguments == null ? new Object[0] : arguments) {
            describe(observation, argument);
        }
        observation.lowCardinalityKeyValue("outcome", "error").start();
        try (var _ = observation.openScope()) {
            Object result = call(method, tier, arguments);
            observation.lowCardinalityKeyValue("outcome", outcome(result));
            return result;
        } catch (Throwable e) {
            observation.error(e);
            throw e;
        } finally {
            observation.stop();
        }
    }

    private static void describe(Observation observation, @Nullable Object argument) {
        switch (argument) {
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
            case null, default -> {}
        }
    }

    private static String outcome(@Nullable Object result) {
        return switch (result) {
            case Lookup.Hit hit -> "hit";
            case Lookup.Miss miss -> "miss";
            case Optional<?> found -> found.isPresent() ? "hit" : "miss";
            case Boolean found -> found ? "hit" : "miss";
            case null, default -> "done";
        };
    }

    private static @Nullable Object call(Method method, Tier tier, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(tier, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
