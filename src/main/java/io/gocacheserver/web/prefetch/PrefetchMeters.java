package io.gocacheserver.web.prefetch;

import io.gocacheserver.wire.BulkFrame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

import java.util.Map;

/** Counts answers to starts of builds, and the actions in them, each of which is also one of the Gets. */
@Component
final class PrefetchMeters {

    private final Map<Integer, Counter> frames;
    private final Counter cut;
    private final Counter rejected;

    PrefetchMeters(MeterRegistry registry) {
        cut = requests(registry, "cut");
        rejected = requests(registry, "rejected");
        frames =
                Map.of(
                        BulkFrame.END, requests(registry, "complete"),
                        BulkFrame.HIT, actions(registry, "hit"),
                        BulkFrame.ABSENT, actions(registry, "miss"),
                        BulkFrame.NOT_SENT, actions(registry, "not_sent"),
                        BulkFrame.FAILED, actions(registry, "failed"));
    }

    /** A frame of this kind; of the ends, so many starts were answered in full. */
    void sent(int kind) {
        Counter counter = frames.get(kind);
        if (counter != null) {
            counter.increment();
        }
    }

    /** The client hung up or was too slow, or an object could not be read to its end. */
    void cutOff() {
        cut.increment();
    }

    void rejected() {
        rejected.increment();
    }

    private static Counter requests(MeterRegistry registry, String outcome) {
        return Counter.builder("gocache.bulk.requests")
                .description("Starts of builds, by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter actions(MeterRegistry registry, String outcome) {
        return Counter.builder("gocache.bulk.actions")
                .description("Actions that were to be sent at starts of builds, by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }
}
