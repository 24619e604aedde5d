package io.gocacheserver.module;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Counts what is asked for modules, and what upstreams answer. */
final class ModuleMetrics {

    private static final String UPSTREAM = "upstream";
    private static final String BYTES = "gocache.module.upstream.bytes";

    /** Where an answer came from, or what became of the request. */
    enum From {
        DISK,
        S3,
        UPSTREAM,
        STALE,
        ABSENT,
        FAILED
    }

    private final MeterRegistry registry;
    private final Map<From, Counter> answers = new EnumMap<>(From.class);
    private final Counter refused;
    private final Counter unchecked;
    private volatile @Nullable String refusal;

    ModuleMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (From from : From.values()) {
            answers.put(
                    from,
                    Counter.builder("gocache.module.requests")
                            .description(
                                    "Requests for files of modules, by where they were answered from")
                            .tag("from", from.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        refused =
                Counter.builder("gocache.module.refused")
                        .description(
                                "Files of modules that were not what they should be, and were not kept")
                        .register(registry);
        unchecked =
                Counter.builder("gocache.module.unchecked")
                        .description("Zips kept without a record of the checksum database")
                        .register(registry);
    }

    void answered(From from) {
        counter(from).increment();
    }

    /** A file was not what it should be; the text names it, and says what is wrong. */
    void refused(String text) {
        refusal = text;
        refused.increment();
    }

    void unchecked() {
        unchecked.increment();
    }

    /** An upstream was asked; hosts are those of the settings, so that they are few. */
    void asked(String host, UpstreamClient.Answer answer, long nanos, long bytes) {
        String result =
                switch (answer) {
                    case UpstreamClient.Answer.Fetched fetched -> "fetched";
                    case UpstreamClient.Answer.Absent absent -> "absent";
                    case UpstreamClient.Answer.Failed failed -> "failed";
                };
        registry.timer("gocache.module.upstream", UPSTREAM, host, "result", result)
                .record(nanos, TimeUnit.NANOSECONDS);
        registry.counter(BYTES, UPSTREAM, host).increment((double) bytes);
    }

    ModuleReport report(boolean offered, List<ModuleReport.Upstream> upstreams) {
        double bytes = registry.find(BYTES).counters().stream().mapToDouble(Counter::count).sum();
        return new ModuleReport(
                offered,
                new ModuleReport.Answers(
                        count(From.DISK),
                        count(From.S3),
                        count(From.UPSTREAM),
                        count(From.STALE),
                        count(From.ABSENT),
                        count(From.FAILED)),
                (long) bytes,
                (long) refused.count(),
                refusal,
                upstreams);
    }

    private Counter counter(From from) {
        return Objects.requireNonNull(answers.get(from));
    }

    private long count(From from) {
        return (long) counter(from).count();
    }
}
