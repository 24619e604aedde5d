package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.Quotas;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.Uploader;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.RemoteDocuments.Read;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.FakeS3;
import io.gocacheserver.testsupport.FakeS3.Manner;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Request;
import io.gocacheserver.testsupport.Sha256;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** S3 servers with manners of their own: what works on S3 works on them, and what does not is an error and never a miss. */
class S3MannersTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456789Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String PREFIX = "team";

    private final FakeS3 s3 = new FakeS3();
    private final CacheCounters counters = new CacheCounters();
    private final TestObject object = TestObject.ofSize(10_000);
    private final TestObject text = TestObject.of("compresses well ".repeat(1000));
    @AutoClose private ScriptedServer server;
    @AutoClose private S3Client client;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(s3);
        client =
                S3Clients.create(
                        URI.create(server.url()),
                        "access",
                        "secret",
                        S3PropertiesFixture.with(Map.of()));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "HTML_ERRORS",
                "EMPTY_ERRORS",
                "OTHER_ERRORS",
                "MISSING_IS_FORBIDDEN",
                "NO_CHUNKS",
                "NO_CHECKSUMS",
                "NO_CONDITIONS",
                "CONDITIONS_ARE_BAD",
                "IGNORES_CONDITIONS",
                "NO_HEAD",
                "HEAD_IS_FORBIDDEN",
                "NO_METADATA",
                "LOSES_METADATA",
                "ONE_PREFIX"
            })
    void serversWithSuchMannersAreUsedAsS3Is(Manner manner) throws Exception {
        s3.behave(manner);
        for (Coding coding : Coding.values()) {
            TieredCache writer = cache(coding);
            put(writer, object);
            put(writer, text);
            TieredCache reader = cache(coding);
            for (TestObject each : List.of(object, text)) {
                Lookup.Hit hit = (Lookup.Hit) reader.get(Access.OPEN, each.action());
                assertThat(hit.entry().size()).isEqualTo(each.size());
                assertThat(TieredCacheOnS3Behaviour.bytes(hit.content())).isEqualTo(each.bytes());
            }
            TestObject unknown = TestObject.ofSize(1);
            assertThat(reader.get(Access.OPEN, unknown.action())).isInstanceOf(Lookup.Miss.class);
            assertThat(reader.find(Access.OPEN, unknown.output())).isEmpty();
        }
        tier(Coding.IDENTITY).check();
        assertThat(counters.get(CacheCounter.PUT_S3_ERROR)).isZero();
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "HTML_ERRORS",
                "EMPTY_ERRORS",
                "OTHER_ERRORS",
                "MISSING_IS_FORBIDDEN",
                "NO_CONDITIONS",
                "CONDITIONS_ARE_BAD",
                "IGNORES_CONDITIONS",
                "ONE_PREFIX"
            })
    void buildProfilesAreSharedOnThem(Manner manner) throws Exception {
        s3.behave(manner);
        String name = "ab".repeat(32);
        S3Documents documents = documents();
        assertThat(documents.read(name, null, 100)).isInstanceOf(Read.Absent.class);
        String first = documents.write(name, ascii("one"), null);
        String second = documents.write(name, ascii("two"), Objects.requireNonNull(first));
        assertThat(second).isNotNull();
        assertThat(documents().read(name, first, 100))
                .isInstanceOfSatisfying(
                        Read.Found.class,
                        found -> {
                            assertThat(found.document()).asString().isEqualTo("two");
                            assertThat(found.version()).isEqualTo(second);
                        });
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "DOWN",
                "FAILS",
                "EXPIRED",
                "WRONG_SECRET",
                "WRONG_KEY",
                "WRONG_REGION",
                "NO_BUCKET",
                "DENIES_ALL",
                "DENIES_GETS",
                "TRUNCATES",
                "GARBAGE",
                "BAD_RECORDS"
            })
    void whatDoesNotWorkIsAnErrorAndNeverAMiss(Manner manner) throws Exception {
        put(cache(Coding.IDENTITY), object);
        tier(Coding.IDENTITY).check();
        for (Manner alsoWith : List.of(manner, Manner.MISSING_IS_FORBIDDEN)) {
            s3.behave(manner, alsoWith);
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> cache(Coding.IDENTITY).get(Access.OPEN, object.action()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void uploadsAreSignedAsAWholeAndHaveNeitherChunksNorTrailers(Coding coding) throws Exception {
        put(cache(coding), text);
        documents().write("ab".repeat(32), ascii("profile"), null);
        List<Request> puts =
                server.requests().stream().filter(each -> each.method().equals("PUT")).toList();
        assertThat(puts).hasSize(3);
        for (Request each : puts) {
            assertThat(each.headers())
                    .containsEntry("x-amz-content-sha256", Sha256.hex(each.body()))
                    .containsEntry("content-length", String.valueOf(each.body().length))
                    .doesNotContainKeys(
                            "transfer-encoding", "x-amz-trailer", "x-amz-decoded-content-length");
            assertThat(each.headers().getOrDefault("content-encoding", "zstd")).isEqualTo("zstd");
            assertThat(each.headers().keySet()).noneMatch(name -> name.contains("checksum"));
        }
        if (coding == Coding.IDENTITY) {
            assertThat(puts.getFirst().headers())
                    .containsEntry("x-amz-content-sha256", text.output().hex());
        }
    }

    @Test
    void aRefusalThatMeansMissingDoesNotKeepItFromBeingAsked() throws Exception {
        s3.behave(Manner.MISSING_IS_FORBIDDEN);
        TieredCache cache = cache(Coding.IDENTITY);
        put(cache, object);
        put(cache, text);
        cache.put(
                Access.OPEN,
                TestValues.action("another"),
                object.output(),
                object.size(),
                object.stream());
        assertThat(counters.get(CacheCounter.PUT_S3_OBJECT)).isEqualTo(2);
        assertThat(counters.get(CacheCounter.PUT_S3_FOUND)).isEqualTo(1);
    }

    @Test
    void expiredCredentialsDoNotCountAsARefusalToSay() throws Exception {
        TieredCache cache = cache(Coding.IDENTITY);
        s3.behave(Manner.EXPIRED);
        put(cache, object);
        assertThat(counters.get(CacheCounter.PUT_S3_ERROR)).isEqualTo(1);
        s3.behave();
        put(cache, text);
        TestObject third = TestObject.ofSize(7);
        put(cache, third);
        assertThat(server.requests())
                .filteredOn(each -> each.method().equals("HEAD"))
                .extracting(Request::path)
                .anyMatch(path -> path.endsWith(third.output().hex()));
    }

    @Test
    void whereIfMatchIsIgnoredTheETagIsCompared() throws Exception {
        TieredCache cache = cache(Coding.IDENTITY);
        put(cache, object);
        s3.behave(Manner.IGNORES_CONDITIONS);
        String key = key("output", object.output().hex());
        s3.store(key, ascii("something else"));
        put(cache(Coding.IDENTITY), object);
        assertThat(s3.stored(key)).isEqualTo(object.bytes());
        put(cache(Coding.IDENTITY), object);
        assertThat(counters.get(CacheCounter.PUT_S3_FOUND)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"NO_METADATA, true", "LOSES_METADATA, true", "LOSES_METADATA, false"})
    void aCompressedObjectIsRecognisedByItsBytes(Manner manner, boolean large) throws Exception {
        TestObject any = large ? TestObject.of("more than one block ".repeat(50_000)) : text;
        s3.behave(manner);
        put(cache(Coding.ZSTD), any);
        byte[] stored = Objects.requireNonNull(s3.stored(key("output", any.output() + ".zst")));
        assertThat(Zstd.decompress(stored, any.size())).isEqualTo(any.bytes());
        Lookup.Hit hit = (Lookup.Hit) cache(Coding.IDENTITY).get(Access.OPEN, any.action());
        assertThat(TieredCacheOnS3Behaviour.bytes(hit.content())).isEqualTo(any.bytes());
    }

    @Test
    void anObjectThatSomethingHasDecodedIsRecognisedToo() throws Exception {
        put(cache(Coding.ZSTD), text);
        s3.store(key("output", text.output() + ".zst"), text.bytes());
        s3.behave(Manner.LOSES_METADATA);
        Lookup.Hit hit = (Lookup.Hit) cache(Coding.ZSTD).get(Access.OPEN, text.action());
        assertThat(TieredCacheOnS3Behaviour.bytes(hit.content())).isEqualTo(text.bytes());
    }

    @Test
    void aServerWithoutMetadataIsNotOfferedThemAgain() throws Exception {
        s3.behave(Manner.NO_METADATA);
        TieredCache cache = cache(Coding.IDENTITY);
        for (int i = 0; i < 5; i++) {
            put(cache, TestObject.ofSize(100));
        }
        assertThat(server.requests())
                .filteredOn(
                        each ->
                                each.headers().keySet().stream()
                                        .anyMatch(name -> name.startsWith("x-amz-meta")))
                .hasSize(1);
        assertThat(counters.get(CacheCounter.PUT_S3_ACTION)).isEqualTo(5);
    }

    @Test
    void forbiddenIsNoMissAnyMoreWhenReadingIsNotAllowedAnyMore() throws Exception {
        s3.behave(Manner.MISSING_IS_FORBIDDEN);
        assertThat(cache(Coding.IDENTITY).get(Access.OPEN, object.action()))
                .isInstanceOf(Lookup.Miss.class);
        s3.behave(Manner.DENIES_ALL);
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> cache(Coding.IDENTITY).get(Access.OPEN, object.action()));
    }

    private static void put(TieredCache cache, TestObject object) throws Exception {
        Access access =
                Access.open(new Provenance("ci", null, null, "acme/app", null, null, "10.0.0.1"));
        cache.put(access, object.action(), object.output(), object.size(), object.stream());
    }

    /** A whole cache with an empty local tier, which compresses; its uploads run at once. */
    private TieredCache cache(Coding preferred) {
        InMemoryLocalTier local = new InMemoryLocalTier();
        local.coding = Coding.ZSTD;
        S3Tier tier = tier(preferred);
        Uploader uploader =
                new Uploader(
                        local, local, tier, counters, Duration.ofSeconds(20), System::nanoTime);
        return new TieredCache(
                local,
                new TieredCache.Remote(tier, new UploadsAtOnce(uploader), 0),
                counters,
                key -> {},
                () -> NOW,
                new Quotas(new InMemoryLocalTier(), List.of()));
    }

    private S3Tier tier(Coding preferred) {
        return new S3Tier(client, FakeS3.BUCKET, PREFIX, preferred, TIMEOUT);
    }

    private S3Documents documents() {
        return new S3Documents(client, FakeS3.BUCKET, PREFIX, TIMEOUT);
    }

    private static String key(String group, String name) {
        return PREFIX + "/" + group + "/" + name.substring(0, 2) + "/" + name;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
