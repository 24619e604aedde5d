package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Opened;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three replicas on one bucket, behind a load balancer: what one was given another answers, and neither a rolling restart
 * nor the death of one fails a build. {@code -Dreplicas.builds=50} for more builds.
 */
@ExtendWith(ReferenceBuild.Resolver.class)
@Needs(Program.VERSITYGW)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasIT {

    private static final Logger log = LoggerFactory.getLogger(ReplicasIT.class);
    private static final int REPLICAS = 3;
    private static final int BUILDS = Integer.getInteger("replicas.builds", 8);
    private static final int AT_ONCE = 2;

    /** Of all tests, which also share bucket and replicas. */
    @TempDir private static Path temp;

    @AutoClose private final Opened opened = new Opened();
    private S3Bucket bucket;
    private LoadBalancer balancer;
    private final List<Integer> ports = new ArrayList<>();
    private final List<ServiceProcess> replicas = new ArrayList<>();
    private final AtomicInteger builds = new AtomicInteger();

    @BeforeAll
    void start() throws IOException {
        bucket = opened.add(S3Bucket.start(temp.resolve("s3")));
        for (int i = 0; i < REPLICAS; i++) {
            ports.add(Ports.free());
            replicas.add(replica(i));
        }
        balancer = opened.add(new LoadBalancer(ports));
    }

    @BeforeEach
    void restartWhatIsDead() {
        for (int i = 0; i < REPLICAS; i++) {
            if (!replicas.get(i).isRunning()) {
                replicas.set(i, replica(i));
            }
        }
    }

    @Test
    void whatOneReplicaWasGivenAnotherAnswers() {
        TestObject object = TestObject.ofSize(50_000);
        assertThat(replicas.get(0).client().put(object)).isEqualTo(204);

        await().until(
                        () ->
                                replicas.get(1).client().getObject(object.action()).statusCode()
                                        == 200);
        assertThat(replicas.get(2).client().getObject(object.action()).statusCode()).isEqualTo(200);
    }

    @Test
    void aRollingRestartFailsNoBuild(ReferenceBuild reference) throws Exception {
        reference.fill(replicas.getFirst(), Files.createDirectory(temp.resolve("rolling")));
        Load load = new Load(reference);
        for (int i = 0; i < REPLICAS; i++) {
            load.awaitMore(1);
            replicas.get(i).stop();
            replicas.set(i, replica(i));
        }
        load.finish(BUILDS);

        assertThat(load.hitRate()).isGreaterThan(0.8);
    }

    @Test
    void theDeathOfOneReplicaFailsNoBuildAndLosesNothingThatWasUploaded(ReferenceBuild reference)
            throws Exception {
        reference.fill(replicas.getFirst(), Files.createDirectory(temp.resolve("death")));
        TestObject object = TestObject.ofSize(50_000);
        replicas.get(0).client().put(object);
        await().until(
                        () ->
                                replicas.get(0).client().meter("gocache_uploads_queued")
                                                + replicas.get(0)
                                                        .client()
                                                        .meter("gocache_uploads_running")
                                        == 0);
        Load load = new Load(reference);
        load.awaitMore(1);
        replicas.get(0).kill();
        load.finish(BUILDS / 2);

        assertThat(replicas.get(1).client().getObject(object.action()).statusCode()).isEqualTo(200);
        assertThat(load.hitRate()).isGreaterThan(0.8);
    }

    /** Builds on fresh machines, a few at a time, until it is told to finish. */
    private final class Load {

        private final AtomicBoolean ending = new AtomicBoolean();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicInteger wanted = new AtomicInteger();
        private final List<JsonNode> stats = new ArrayList<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        private final List<Future<?>> workers = new ArrayList<>();

        Load(ReferenceBuild reference) {
            for (int i = 0; i < AT_ONCE; i++) {
                workers.add(
                        threads.submit(
                                () -> {
                                    while (!ending.get() || done.get() < wanted.get()) {
                                        JsonNode stat = build(reference);
                                        synchronized (stats) {
                                            stats.add(stat);
                                        }
                                        done.incrementAndGet();
                                    }
                                }));
            }
        }

        void awaitMore(int count) {
            int target = done.get() + count;
            await().until(() -> done.get() >= target || workers.stream().anyMatch(Future::isDone));
        }

        /** Ends when there were so many builds; fails if one of them did. */
        void finish(int count) throws Exception {
            wanted.set(count);
            ending.set(true);
            threads.shutdown();
            for (Future<?> worker : workers) {
                worker.get();
            }
            log.info(
                    "{} builds, none failed; hit rate {} %, {} failed requests",
                    done.get(), String.format("%.1f", 100 * hitRate()), sum("serviceFailures"));
        }

        double hitRate() {
            return (double) sum("serviceHits") / sum("gets");
        }

        private long sum(String field) {
            return stats.stream().mapToLong(stat -> stat.get(field).asLong()).sum();
        }
    }

    /** One build on a machine that has nothing; it must give the right program. Returns what the adapter counted. */
    private JsonNode build(ReferenceBuild reference) {
        String name = "build" + builds.incrementAndGet();
        Path stats = temp.resolve(name + ".json");
        Path cache = temp.resolve(name + "-cache");
        GoClient.withAdapter(balancer.url(), cache, "--stats-file=" + stats)
                .build(reference.module(), temp.resolve(name));
        assertThat(temp.resolve(name)).hasSameBinaryContentAs(reference.binary());
        try {
            Files.delete(temp.resolve(name));
            return JsonMapper.shared().readTree(Files.readString(stats));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ServiceProcess replica(int number) {
        return opened.add(
                ServiceProcess.on(temp.resolve("replica" + number))
                        .port(ports.get(number))
                        .with(bucket.settings())
                        .start());
    }
}
