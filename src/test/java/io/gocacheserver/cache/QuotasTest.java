package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.Quotas.QuotaExceededException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

class QuotasTest {

    private static final Namespace PULL = new Namespace("pr-7");
    private static final Access PULLER =
            Access.of(List.of(PULL, Namespace.GLOBAL), PULL, Provenance.UNKNOWN);

    @TempDir private Path directory;
    @AutoClose private DiskTier disk;

    @BeforeEach
    void open() {
        disk = TestDisk.open(directory);
    }

    @Test
    void theOldestOfANamespaceGiveWayToWhatIsPut() throws Exception {
        BuildCache limited = limited(1000, "pr-*");
        for (int i = 0; i < 20; i++) {
            put(limited, PULLER, 200);
            assertThat(disk.bytes(PULL)).isBetween(200L, 1000L);
        }
        assertThat(disk.bytes(PULL)).isGreaterThanOrEqualTo(800);
    }

    @Test
    void whatIsLargerThanTheQuotaIsRefusedAndTakesNothingAway() throws Exception {
        BuildCache limited = limited(1000, "pr-7");
        put(limited, PULLER, 500);
        assertThatExceptionOfType(QuotaExceededException.class)
                .isThrownBy(() -> put(limited, PULLER, 1001))
                .withMessageContaining("pr-7 may have 1000 bytes");
        assertThat(disk.bytes(PULL)).isEqualTo(500);
    }

    @Test
    void whatIsSentWithoutAnActionCounts() throws Exception {
        BuildCache limited = limited(1000, "pr-7");
        for (int i = 0; i < 20; i++) {
            TestObject object = TestObject.ofSize(300);
            limited.putObject(PULLER, object.output(), object.size(), object.stream());
            assertThat(disk.bytes(PULL)).isBetween(300L, 1000L);
        }
        assertThat(disk.report().usage().bytes()).isLessThanOrEqualTo(1000);
    }

    @Test
    void whatAnActionProducedBeforeCounts() throws Exception {
        BuildCache limited = limited(1000, "pr-7");
        TestObject action = TestObject.ofSize(1);
        for (int i = 0; i < 20; i++) {
            TestObject object = TestObject.ofSize(300);
            limited.put(PULLER, action.action(), object.output(), object.size(), object.stream());
            assertThat(disk.report().usage().bytes()).isBetween(300L, 1000L);
        }
    }

    @Test
    void whatIsOnlyAnnouncedTakesNothingAway() throws Exception {
        long large = 150 << 20;
        BuildCache limited = limited(large, "pr-7");
        put(limited, PULLER, 1 << 20);
        TestObject kept = put(limited, PULLER, 1 << 20);
        TestObject announced = TestObject.ofSize(100);
        assertThatExceptionOfType(ObjectSourceException.class)
                .isThrownBy(
                        () ->
                                limited.put(
                                        PULLER,
                                        announced.action(),
                                        announced.output(),
                                        large,
                                        announced.stream()));
        assertThat(disk.bytes(PULL)).isEqualTo(2 << 20);
        assertThat(limited.has(PULLER, kept.action())).isTrue();
    }

    @Test
    void whatHasComeCounts() throws Exception {
        BuildCache limited = limited(1000, "pr-7");
        TestObject outer = TestObject.ofSize(600);
        InputStream body =
                new FilterInputStream(outer.stream()) {
                    private boolean begun;

                    @Override
                    public int read(byte[] bytes, int from, int length) throws IOException {
                        if (!begun) {
                            begun = true;
                            return super.read(bytes, from, 1);
                        }
                        assertThatExceptionOfType(QuotaExceededException.class)
                                .isThrownBy(() -> put(limited, PULLER, 500));
                        return super.read(bytes, from, length);
                    }
                };
        limited.put(PULLER, outer.action(), outer.output(), outer.size(), body);
        assertThat(disk.bytes(PULL)).isEqualTo(600);
        put(limited, PULLER, 1000);
        assertThat(disk.bytes(PULL)).isEqualTo(1000);
    }

    @Test
    void othersAreNotLimited() throws Exception {
        BuildCache limited = limited(100, "pr-8");
        put(limited, PULLER, 5000);
        put(limited(100, "*"), Access.OPEN, 5000);
        assertThat(disk.report().usage().objects()).isEqualTo(2);
    }

    private BuildCache limited(long bytes, String namespace) {
        return new TieredCache(
                disk,
                null,
                new CacheCounters(),
                key -> {},
                () -> Instant.EPOCH,
                new Quotas(disk, List.of(new QuotaProperties(namespace, new ByteSize(bytes)))));
    }

    private static TestObject put(BuildCache cache, Access access, int size) throws Exception {
        TestObject object = TestObject.ofSize(size);
        cache.put(access, object.action(), object.output(), object.size(), object.stream());
        return object;
    }
}
