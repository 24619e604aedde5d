package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

import java.util.Optional;

/**
 * Makes spans of calls to one tier, such as {@code disk get} or {@code s3 putObject}, with the IDs that they are about and
 * whether it was there.
 */
final class TierSpans {

    private final ObservationRegistry registry;
    private final String tier;

    /** A call that returns something. */
    interface Call<T, E extends Exception> {
        T run() throws TierException, E;
    }

    /** A call that returns nothing. */
    interface Change<E extends Exception> {
        void run() throws TierException, E;
    }

    TierSpans(ObservationRegistry registry, String tier) {
        this.registry = registry;
        this.tier = tier;
    }

    /**
     * Runs a call within a span.
     *
     * @param about an action, an object or an entry
     */
    <T, E extends Exception> T call(String operation, Object about, Call<T, E> call)
            throws TierException, E {
        Observation observation =
                Observation.createNotStarted("gocache.tier", registry)
                        .contextualName(tier + " " + operation)
                        .lowCardinalityKeyValue("tier", tier)
                        .lowCardinalityKeyValue("operation", operation);
        describe(observation, about);
        observation.lowCardinalityKeyValue("outcome", "error").start();
        try (var _ = observation.openScope()) {
            T result = call.run();
            observation.lowCardinalityKeyValue("outcome", outcome(result));
            return result;
        } catch (Throwable e) {
            observation.error(e);
            throw e;
        } finally {
            observation.stop();
        }
    }

    /** The same for a call that returns nothing. */
    <E extends Exception> void change(String operation, Object about, Change<E> change)
            throws TierException, E {
        Object ignored =
                this.<Object, E>call(
                        operation,
                        about,
                        () -> {
                            change.run();
                            return operation;
                        });
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

    private static String outcome(Object result) {
        return switch (result) {
            case Lookup.Hit hit -> "hit";
            case Lookup.Miss miss -> "miss";
            case Optional<?> found -> found.isPresent() ? "hit" : "miss";
            case Boolean found -> found ? "hit" : "miss";
            default -> "done";
        };
    }
}
