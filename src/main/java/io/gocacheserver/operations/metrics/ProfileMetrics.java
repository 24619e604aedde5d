package io.gocacheserver.operations.metrics;

import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.profile.ProfileStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.util.function.ToDoubleFunction;

/** Publishes what becomes of build profiles. */
final class ProfileMetrics implements MeterBinder {

    private final ProfileStatistics profiles;
    private final LocalDocuments documents;

    ProfileMetrics(ProfileStatistics profiles, LocalDocuments documents) {
        this.profiles = profiles;
        this.documents = documents;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        reads(registry, "hit", ProfileStatistics::found);
        reads(registry, "miss", ProfileStatistics::absent);
        counter(
                registry,
                MeterNames.PROFILE_WRITES,
                "Builds noted in profiles, once for each key",
                ProfileStatistics::written);
        counter(
                registry,
                MeterNames.PROFILE_PUSHED,
                "Profiles written to S3",
                ProfileStatistics::pushed);
        counter(
                registry,
                MeterNames.PROFILE_FAILED,
                "Profiles that could not be read from S3 or written there",
                ProfileStatistics::failed);
        Gauge.builder(MeterNames.PROFILE_BYTES, documents, LocalDocuments::bytes)
                .description("Space that profiles take on disk")
                .baseUnit("bytes")
                .register(registry);
    }

    private void reads(
            MeterRegistry registry, String outcome, ToDoubleFunction<ProfileStatistics> value) {
        FunctionCounter.builder(MeterNames.PROFILE_READS, profiles, value)
                .description("Reads of profiles, by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<ProfileStatistics> value) {
        FunctionCounter.builder(name, profiles, value).description(description).register(registry);
    }
}
