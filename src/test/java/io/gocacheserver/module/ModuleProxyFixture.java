package io.gocacheserver.module;

import static io.gocacheserver.module.FakeUpstream.MODULE;
import static io.gocacheserver.module.FakeUpstream.VERSION;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.InMemoryRemoteTier;
import io.gocacheserver.cache.QuotaProperties;
import io.gocacheserver.cache.Quotas;
import io.gocacheserver.cache.RecordingUploadQueue;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.module.ModuleProperties.UpstreamSettings;
import io.gocacheserver.module.ModuleProxy.Answer;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestDisk;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A module proxy between a disk, a remote tier in memory, and made-up upstreams. */
abstract class ModuleProxyFixture {

    static final String ZIP = MODULE + "/@v/" + VERSION + ".zip";
    static final String MOD = MODULE + "/@v/" + VERSION + ".mod";
    static final String INFO = MODULE + "/@v/" + VERSION + ".info";
    static final String LIST = MODULE + "/@v/list";
    static final String LATEST = MODULE + "/@latest";
    static final String DATABASE = "sum.example";
    static final String LOOKUP = "sumdb/" + DATABASE + "/lookup/" + MODULE + "@" + VERSION;
    static final Duration REFRESH = Duration.ofMinutes(1);

    /** Short, for upstreams that never answer; only such ones wait for it. */
    static final UpstreamClient.Patience IMPATIENT =
            new UpstreamClient.Patience(
                    Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofSeconds(2), 1_000);

    @TempDir Path directory;
    @AutoClose FakeUpstream upstream;
    @AutoClose FakeUpstream corporate;
    @AutoClose DiskTier disk;
    @AutoClose UpstreamClient client;
    final InMemoryRemoteTier s3 = new InMemoryRemoteTier();
    final RecordingUploadQueue uploads = new RecordingUploadQueue();
    final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    final AtomicLong nanosLater = new AtomicLong();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ModuleProxy proxy;

    @BeforeEach
    void open() throws IOException {
        upstream = new FakeUpstream();
        corporate = new FakeUpstream();
        Files.createDirectories(directory.resolve("disk"));
        disk = TestDisk.open(directory.resolve("disk"));
        client = new UpstreamClient(IMPATIENT);
        Files.writeString(directory.resolve("credentials"), "robot:secret\n");
        proxy = proxy(upstream.url());
    }

    final ModuleProxy proxy(String list) {
        return proxy(list, disk, "");
    }

    final ModuleProxy proxy(String list, DiskTier on, String database) {
        ModuleProperties properties =
                new ModuleProperties(
                        list,
                        List.of(
                                new UpstreamSettings(
                                        "corp.example/*",
                                        corporate.url(),
                                        directory.resolve("credentials").toString(),
                                        List.of("team", "other"))),
                        database);
        List<Source> sources = Source.of(properties);
        ModuleMetrics metrics = new ModuleMetrics(meters);
        ModuleStore store =
                new ModuleStore(
                        on,
                        new TieredCache.Remote(s3, uploads, 0),
                        new Quotas(on, List.of(new QuotaProperties("team", new ByteSize(100_000)))),
                        directory.resolve("downloads"));
        return new ModuleProxy(
                sources,
                store,
                new Upstreams(client, sources, metrics, () -> System.nanoTime() + nanosLater.get()),
                metrics,
                database,
                REFRESH,
                now::get);
    }

    final Answer get(String name) throws Exception {
        return get(Access.OPEN, name);
    }

    final Answer get(Access access, String name) throws Exception {
        return proxy.get(access, ModuleFile.parse(name), true);
    }

    /** What is served, as text. */
    final String text(String name) throws Exception {
        return text(get(name));
    }

    static String text(Answer answer) throws IOException {
        assertThat(answer).isInstanceOf(Answer.Found.class);
        try (InputStream in = ((Answer.Found) answer).hit().content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    final Answer.Refused refused(String name) throws Exception {
        Answer answer = get(name);
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return (Answer.Refused) answer;
    }

    /** What is refused leaves nothing, anywhere. */
    final void assertNothingKept(String name) throws Exception {
        assertThat(proxy.get(Access.OPEN, ModuleFile.parse(name), false))
                .isInstanceOf(Answer.Refused.class);
        assertThat(uploads.admitted).isEmpty();
        assertThat(Directories.files(directory.resolve("downloads"))).isEmpty();
    }

    final double counted(String name, String... tags) {
        Counter counter = meters.find(name).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    static ActionKey key(String namespace, String name) {
        return new ActionKey(new Namespace(namespace).modules(), ModuleFile.parse(name).id());
    }

    static Access access(String... reads) {
        return Access.of(
                Arrays.stream(reads).map(Namespace::new).toList(), null, Provenance.UNKNOWN);
    }

    static byte[] goodZip() throws IOException {
        return FakeUpstream.zip(MODULE + "@" + VERSION + "/go.mod", "module " + MODULE);
    }
}
