package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

class CacheCountersTest {

    @Test
    void theNamesAreThoseOfGoCachePlugin() {
        assertThat(Arrays.stream(CacheCounter.values()).map(CacheCounter::key))
                .containsExactlyInAnyOrder(
                        "get_local_hit",
                        "get_fault_hit",
                        "get_fault_miss",
                        "put_skip_small",
                        "put_s3_found",
                        "put_s3_action",
                        "put_s3_object",
                        "put_s3_error");
    }

    @ParameterizedTest
    @EnumSource
    void eachCountsOnItsOwn(CacheCounter counter) {
        CacheCounters counters = new CacheCounters();
        counters.increment(counter);
        counters.increment(counter);
        for (CacheCounter each : CacheCounter.values()) {
            assertThat(counters.get(each)).isEqualTo(each == counter ? 2 : 0);
        }
    }
}
