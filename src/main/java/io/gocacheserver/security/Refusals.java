package io.gocacheserver.security;

import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.security.rules.Client;
import io.gocacheserver.security.rules.RefusedException;
import io.gocacheserver.security.rules.RefusedException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts refused requests, and logs one now and then: client, request and address, never the token. */
final class Refusals {

    private final RateLimitedLog log =
            new RateLimitedLog(LoggerFactory.getLogger(Refusals.class), System::nanoTime);
    private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

    Refusals(MeterRegistry registry) {
        for (Reason reason : Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder("gocache.refused")
                            .description("Requests refused before they reached the cache")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void refused(RefusedException e, @Nullable Client client, HttpServletRequest request) {
        Counter counter = counters.get(e.reason());
        if (counter != null) {
            counter.increment();
        }
        if (e.reason() == Reason.NO_TOKEN) {
            return; // anyone who tries; the counter tells
        }
        log.warn(
                "refused %s %s from %s%s: %s"
                        .formatted(
                                request.getMethod(),
                                printable(request.getRequestURI()),
                                request.getRemoteAddr(),
                                client == null ? "" : " (" + printable(client.name()) + ")",
                                printable(String.valueOf(e.getMessage()))));
    }

    private static String printable(String text) {
        String cut = text.length() > 300 ? text.substring(0, 300) + "…" : text;
        return cut.replaceAll("[^\\P{Cntrl}]", "?");
    }
}
