package io.gocacheserver.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.gocacheserver.model.ByteSize;
import io.gocacheserver.security.tokens.Client;
import io.gocacheserver.security.tokens.LimitSettings;
import io.gocacheserver.security.tokens.RefusedException;
import io.gocacheserver.security.tokens.RefusedException.Reason;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The limits of each client: token buckets that hold {@value #BURST_SECONDS} seconds' worth. A request is charged when it
 * arrives, bytes when they are known, so that a large object leaves a debt that later requests wait for.
 */
final class RateLimits {

    private static final int BURST_SECONDS = 10;
    private static final int MAX_CLIENTS = 100_000;
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private final Cache<String, Budget> budgets =
            Caffeine.newBuilder()
                    .maximumSize(MAX_CLIENTS)
                    .expireAfterAccess(FORGOTTEN)
                    .executor(Runnable::run)
                    .build();

    RateLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    Budget of(Client client) {
        return budgets.get(client.key(), key -> new Budget(client.limits()));
    }

    final class Budget {

        private final double requestRate;
        private final double byteRate;
        private final int maxUploads;
        private double requests;
        private double bytes;
        private int uploads;
        private long last;

        Budget(LimitSettings limits) {
            Integer rate = limits.requestsPerSecond();
            requestRate = rate == null ? 0 : rate;
            ByteSize bytesRate = limits.bytesPerSecond();
            byteRate = bytesRate == null ? 0 : bytesRate.bytes();
            Integer atOnce = limits.concurrentUploads();
            maxUploads = atOnce == null ? Integer.MAX_VALUE : atOnce;
            requests = requestRate * BURST_SECONDS;
            bytes = byteRate * BURST_SECONDS;
            last = nanoTime.getAsLong();
        }

        /** Takes one request, or says after how long there is one again. */
        synchronized void request() {
            refill();
            if (requestRate > 0 && requests < 1) {
                throw refused("requests each second", requestRate, (1 - requests) / requestRate);
            }
            if (byteRate > 0 && bytes <= 0) {
                throw refused("bytes each second", byteRate, (1 - bytes) / byteRate);
            }
            requests -= 1;
        }

        synchronized void bytes(long count) {
            bytes -= count;
        }

        synchronized void beginUpload() {
            if (uploads >= maxUploads) {
                throw refused("Puts and Posts at the same time", maxUploads, 1);
            }
            uploads++;
        }

        synchronized void endUpload() {
            uploads--;
        }

        private void refill() {
            long now = nanoTime.getAsLong();
            double seconds = (now - last) / NANOS;
            last = now;
            requests = Math.min(requestRate * BURST_SECONDS, requests + seconds * requestRate);
            bytes = Math.min(byteRate * BURST_SECONDS, bytes + seconds * byteRate);
        }

        private static RefusedException refused(String what, double limit, double seconds) {
            return new RefusedException(
                    Reason.LIMIT,
                    "more than %.0f %s for this token (cache-server.auth.limits)"
                            .formatted(limit, what),
                    Math.max(1, (int) Math.ceil(seconds)));
        }
    }
}
