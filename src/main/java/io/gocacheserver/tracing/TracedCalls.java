package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.RemoteCallListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

import org.jspecify.annotations.Nullable;

/** Makes a span of each call to S3, such as {@code S3 GetObject}, with its key. */
final class TracedCalls implements RemoteCallListener {

    private final ObservationRegistry registry;

    TracedCalls(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Call begin(String operation, @Nullable String key) {
        Observation observation =
                Observation.createNotStarted("gocache.s3", registry)
                        .contextualName("S3 " + operation)
                        .lowCardinalityKeyValue("operation", operation);
        if (key != null) {
            observation.highCardinalityKeyValue("key", key);
        }
        observation.start();
        return failure -> {
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        };
    }
}
