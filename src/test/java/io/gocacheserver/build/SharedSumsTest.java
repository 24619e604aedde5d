package io.gocacheserver.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.testsupport.EmbeddedS3;
import io.gocacheserver.testsupport.InMemoryRemoteDocuments;
import io.gocacheserver.testsupport.Opened;
import io.gocacheserver.testsupport.RunningService;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.s3.S3Client;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

class SharedSumsTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final byte[] REPORT =
            "{\"module\":\"m\",\"serviceHits\":3,\"misses\":1}".getBytes(StandardCharsets.UTF_8);

    private final InMemoryRemoteDocuments bucket = new InMemoryRemoteDocuments();
    @AutoClose private final Opened opened = new Opened();
    private final Replica one = new Replica();
    private final Replica other = new Replica();

    /** One on the bucket, whose timer has not begun. */
    private final class Replica {

        final BuildDatabase database = opened.add(BuildDatabase.inMemory());
        final BuildStore store = new BuildStore(database, InstantSource.fixed(NOW));
        final SharedSums sums = opened.add(new SharedSums(database, bucket));

        void build() {
            store.add(BuildReportReader.read(REPORT, NOW, Access.OPEN).build(), null, true, 0);
        }

        long builds() {
            return store.days(1, null).stream().mapToLong(BuildStore.Day::builds).sum();
        }
    }

    @Test
    void eachReplicaHasTheSumsOfAll() throws Exception {
        one.build();
        other.build();
        other.build();
        bucket.conflicts.set(1);
        one.sums.exchange();
        other.sums.exchange();
        one.sums.exchange();
        assertThat(one.builds()).isEqualTo(3);
        assertThat(other.builds()).isEqualTo(3);
        assertThat(other.store.replicas()).isEqualTo(2);
        assertThat(other.store.days(1, null))
                .as("one row a module, whoever counted it")
                .singleElement()
                .satisfies(day -> assertThat(day.hits()).isEqualTo(9));
        int writes = bucket.writes.get();
        other.sums.exchange();
        assertThat(other.builds()).isEqualTo(3);
        assertThat(bucket.writes).as("nothing new, nothing written").hasValue(writes);
    }

    @Test
    void whatIsNotSentYetIsSentAtTheEnd() throws Exception {
        one.build();
        one.sums.close();
        other.sums.exchange();
        assertThat(other.builds()).isEqualTo(1);
        int writes = bucket.writes.get();
        other.sums.close();
        assertThat(bucket.writes).hasValue(writes);
    }

    @Test
    void whatIsBrokenIsPassedOver() throws Exception {
        one.build();
        bucket.put(SharedSums.NAME, "no JSON".getBytes(StandardCharsets.UTF_8));
        one.sums.exchange();
        String mine = new String(bucket.get(SharedSums.NAME), StandardCharsets.UTF_8);
        assertThat(mine)
                .startsWith("{\"")
                .contains("[\"2026-11-30\",\"m\",\"global\",1,4,3,0,0,0,0,0]");
        String broken = mine.substring(0, mine.length() - 1) + ",\"4711\":[[\"2026-11-30\",7]]}";
        bucket.put(SharedSums.NAME, broken.getBytes(StandardCharsets.UTF_8));
        other.build();
        other.sums.exchange();
        assertThat(other.builds()).isEqualTo(2);
    }

    @Test
    void withoutS3TheSumsStayAsTheyWere() throws Exception {
        one.build();
        one.sums.exchange();
        other.sums.exchange();
        bucket.fails = true;
        assertThatThrownBy(other.sums::exchange).isInstanceOf(TierException.class);
        other.build();
        assertThat(other.builds()).isEqualTo(2);
    }

    /** What the page shows stays over a restart, on a second replica, and on one with a new disk. */
    @Test
    void theNumbersStay(@TempDir Path disk, @TempDir Path otherDisk) throws Exception {
        try (EmbeddedS3 s3 = EmbeddedS3.start()) {
            String[] settings = RunningService.s3Properties(s3.endpoint());
            try (RunningService service = RunningService.start(disk, settings)) {
                service.context()
                        .getBean(S3Client.class)
                        .createBucket(request -> request.bucket("bucket"));
                assertThat(service.post("/builds", REPORT).statusCode()).isEqualTo(204);
            }
            for (Path each : new Path[] {disk, otherDisk, disk}) {
                try (RunningService service = RunningService.start(each, settings)) {
                    service.context().getBean(SharedSums.class).exchange();
                    JsonNode days = service.json("/builds/days");
                    assertThat(days.at("/days").size()).isEqualTo(1);
                    assertThat(days.at("/days/0/builds").asLong()).isEqualTo(1);
                    assertThat(days.at("/days/0/hits").asLong()).isEqualTo(3);
                    assertThat(days.at("/replicas").asLong()).isEqualTo(each.equals(disk) ? 1 : 2);
                }
            }
        }
    }
}
