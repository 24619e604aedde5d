package io.gocacheserver.endtoend.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.GoResult;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Replicas share nothing but the bucket, and what is in it is as the seed would have written it. */
@ExtendWith(ReferenceBuild.Resolver.class)
@Needs(Program.VERSITYGW)
class S3IT {

    @TempDir private Path temp;

    @ParameterizedTest(name = "key prefix \"{0}\"")
    @ValueSource(strings = {"", "team/go"})
    void replicaWithAnEmptyDiskServesWhatAnotherPut(String keyPrefix, ReferenceBuild reference)
            throws IOException {
        try (S3Bucket s3 = S3Bucket.start(temp.resolve("s3"))) {
            Map<String, Long> counters = buildAndStop(s3, keyPrefix, reference);

            SeedBucket bucket = SeedBucket.read(s3.folder(), keyPrefix);
            assertThat(counters)
                    .containsEntry(CacheCounter.PUT_S3_ERROR.key(), 0L)
                    .containsEntry(CacheCounter.PUT_SKIP_SMALL.key(), 0L);
            assertThat(bucket.actions()).hasSizeGreaterThan(100);

            buildOnEmptyReplica(s3, keyPrefix, reference);
        }
    }

    private Map<String, Long> buildAndStop(S3Bucket s3, String keyPrefix, ReferenceBuild reference)
            throws IOException {
        try (ServiceProcess service = service("first-replica", s3, keyPrefix)) {
            Path binary = temp.resolve("first");
            GoClient.withAdapter(
                            service.url(), reference.copyBaseCache(temp.resolve("first-cache")))
                    .build(reference.module(), binary);
            assertThat(binary).hasSameBinaryContentAs(reference.binary());
            Map<String, Long> counters = service.client().counters();

            service.stop();
            assertThat(service.log()).contains("uploads complete");
            return counters;
        }
    }

    private void buildOnEmptyReplica(S3Bucket s3, String keyPrefix, ReferenceBuild reference) {
        try (ServiceProcess service = service("second-replica", s3, keyPrefix)) {
            Path binary = temp.resolve("second");
            GoClient machine = GoClient.withAdapter(service.url(), temp.resolve("second-cache"));
            GoResult packages = machine.run(reference.module(), "build", "-x", "./...");
            assertThat(packages.compiles()).isEmpty();
            assertThat(service.client().counter(CacheCounter.GET_FAULT_HIT)).isPositive();
            assertThat(service.client().counter(CacheCounter.GET_FAULT_MISS))
                    .isLessThanOrEqualTo(GoClient.LINK_MISSES);

            assertThat(machine.build(reference.module(), binary).compiles()).isEmpty();
            assertThat(binary).hasSameBinaryContentAs(reference.binary());
        }
    }

    private ServiceProcess service(String disk, S3Bucket s3, String keyPrefix) {
        return ServiceProcess.on(temp.resolve(disk))
                .with(s3.settings())
                .with("CACHESERVER_S3_KEYPREFIX", keyPrefix)
                .start();
    }
}
