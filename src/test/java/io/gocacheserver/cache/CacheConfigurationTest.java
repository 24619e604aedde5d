package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.Quotas.QuotaExceededException;
import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

class CacheConfigurationTest {

    private static final Namespace PULL = new Namespace("pr-7");
    private static final Access PULLER = Access.of(List.of(PULL), PULL, Provenance.UNKNOWN);

    private final List<BuildCache> decorated = new ArrayList<>();
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner()
                    .withUserConfiguration(CacheConfiguration.class)
                    .withBean(ActionFilters.class, () -> new ActionFilters(InstantSource.system()))
                    .withBean(InMemoryLocalTier.class, InMemoryLocalTier::new);

    @Test
    void decoratorsStandBeforeTheTiersWhichHaveQuotas() {
        TestObject object = TestObject.ofSize(2000);
        runner.withPropertyValues(
                        "cache-server.quotas[0].namespace=pr-*", "cache-server.quotas[0].size=1KB")
                .withBean(CacheDecorator.class, () -> this::decorate)
                .run(
                        context ->
                                assertThatExceptionOfType(QuotaExceededException.class)
                                        .isThrownBy(
                                                () ->
                                                        put(
                                                                context.getBean(BuildCache.class),
                                                                object))
                                        .withMessageContaining("pr-7 may have 1000 bytes"));
        assertThat(decorated).singleElement().isInstanceOf(TieredCache.class);
    }

    private BuildCache decorate(BuildCache cache) {
        decorated.add(cache);
        return cache;
    }

    private static void put(BuildCache cache, TestObject object) throws Exception {
        cache.put(PULLER, object.action(), object.output(), object.size(), object.stream());
    }
}
