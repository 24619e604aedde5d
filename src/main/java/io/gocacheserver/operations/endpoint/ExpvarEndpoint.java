package io.gocacheserver.operations.endpoint;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.TreeMap;

/** {@code /actuator/expvar}: the eight counters as one JSON object, as go-cache-plugin's expvar page has them. */
@Component
@Endpoint(id = "expvar")
record ExpvarEndpoint(CacheCounters counters) {

    @ReadOperation
    Map<String, Long> values() {
        Map<String, Long> values = new TreeMap<>();
        for (CacheCounter counter : CacheCounter.values()) {
            values.put(counter.key(), counters.get(counter));
        }
        return values;
    }
}
