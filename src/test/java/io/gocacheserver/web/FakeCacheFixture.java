package io.gocacheserver.web;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.cache.filter.ActionFilters;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.profile.ProfileProperties;
import io.gocacheserver.testsupport.InMemoryDocuments;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.web.prefetch.Prefetches.PrefetchProperties;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** The web layer on a real port, over a cache that holds what a test says. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        classes = FakeCacheFixture.Service.class,
        properties = "management.endpoint.health.validate-group-membership=false")
@ResourceLock("the cache of its subclasses")
abstract class FakeCacheFixture extends HttpFixture {

    /** Where an object's bytes are. */
    enum Place {
        MEMORY,
        FILE
    }

    static final int SMALL = 3000;
    static final int LARGE = 700_000;

    @EnableAutoConfiguration
    @EnableConfigurationProperties({
        WebProperties.class,
        PrefetchProperties.class,
        ProfileProperties.class
    })
    @ComponentScan({"io.gocacheserver.web", "io.gocacheserver.profile"})
    static class Service {
        @Bean
        LocalDocuments documents() {
            return new InMemoryDocuments();
        }

        @Bean
        ActionFilters filters() {
            return new ActionFilters(InstantSource.system());
        }

        @Bean
        FakeBuildCache cache() {
            return new FakeBuildCache();
        }
    }

    private static final AtomicLong SEEDS = new AtomicLong();

    @TempDir Path directory;
    @Autowired FakeBuildCache cache;
    @Autowired Traffic traffic;

    @AfterEach
    void clear() {
        cache.clear();
    }

    /** Something that compresses, to about a half; something else at each call. */
    static TestObject text(int size) {
        StringBuilder text = new StringBuilder(size);
        Random random = new Random(SEEDS.incrementAndGet());
        while (text.length() < size) {
            text.append(Integer.toString(random.nextInt(), Character.MAX_RADIX)).append(" again ");
        }
        return TestObject.of(text.substring(0, size));
    }

    static byte[] frame(TestObject object) {
        return Zstd.compress(object.bytes());
    }

    /** The cache holds a new object in this coding at this place. */
    final TestObject holding(int size, Coding coding, Place place) throws IOException {
        TestObject object = text(size);
        byte[] stored =
                switch (coding) {
                    case IDENTITY -> object.bytes();
                    case ZSTD -> frame(object);
                };
        Content content = content(stored, coding, place, size);
        cache.holds(object, () -> content);
        return object;
    }

    /** What a tier would return that has stored these bytes. */
    final Content content(byte[] stored, Coding coding, Place place, long size) throws IOException {
        return switch (place) {
            case MEMORY -> new Content.InMemory(stored, coding, size);
            case FILE ->
                    new Content.InFile(
                            Files.write(Files.createTempFile(directory, "blob", ""), stored),
                            stored.length,
                            coding,
                            size);
        };
    }
}
