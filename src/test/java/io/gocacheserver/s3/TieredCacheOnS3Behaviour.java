package io.gocacheserver.s3;

import static io.gocacheserver.cache.CacheCounter.GET_FAULT_HIT;
import static io.gocacheserver.cache.CacheCounter.GET_FAULT_MISS;
import static io.gocacheserver.cache.CacheCounter.GET_LOCAL_HIT;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_ACTION;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_ERROR;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_FOUND;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_OBJECT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.InMemoryLocalTier;
import io.gocacheserver.cache.Quotas;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.Uploader;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.StoreReport.Usage;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The whole cache, disk tier before S3 tier, on some S3 server; a thin subclass names the server. Uploads run at once, in
 * the thread of the Put. What the design says of keys, records and checks is tried here against real HTTP.
 */
abstract class TieredCacheOnS3Behaviour {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456789Z");
    private static final String NOW_NANOS = "1795428000123456789";
    private static final int LARGE = 20 * 1024 * 1024;
    private static final int INLINE_SIZE = TestDisk.INLINE_SIZE;
    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private final CacheCounters counters = new CacheCounters();
    private final TestObject object = TestObject.ofSize(10_000);
    private final TestObject text = TestObject.of("compresses well ".repeat(1000));
    private String bucket;
    private Path directory;
    private DiskTier disk;
    private TieredCache cache;

    /** A client of the server. */
    abstract S3Client s3();

    @BeforeEach
    void open(@TempDir Path temp) {
        bucket = "bucket-" + BUCKETS.incrementAndGet();
        createBucket(bucket);
        directory = temp;
        disk = TestDisk.open(temp.resolve("first"));
        cache = cache(disk, "");
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        disk.close();
        assertThat(Directories.files(directory)).noneMatch(file -> file.contains("/tmp/"));
    }

    /** Makes a bucket. */
    void createBucket(String name) {
        s3().createBucket(request -> request.bucket(name));
    }

    /** A whole cache, whose uploads run at once. */
    final <L extends LocalTier & LocalCatalogue> TieredCache cache(L local, String keyPrefix) {
        return cache(local, keyPrefix, Coding.IDENTITY);
    }

    private <L extends LocalTier & LocalCatalogue> TieredCache cache(
            L local, String keyPrefix, Coding preferred) {
        S3Tier tier = tier(keyPrefix, preferred);
        Uploader uploader =
                new Uploader(local, local, tier, counters, Duration.ofMinutes(1), System::nanoTime);
        return new TieredCache(
                local,
                new TieredCache.Remote(tier, new UploadsAtOnce(uploader), 0),
                counters,
                key -> {},
                () -> NOW,
                new Quotas(new InMemoryLocalTier(), List.of()));
    }

    private S3Tier tier(String keyPrefix, Coding preferred) {
        return new S3Tier(s3(), bucket, keyPrefix, preferred, Duration.ofSeconds(10));
    }

    @Test
    void actionsAreListedByNamespaceOnFromAKey() throws Exception {
        Namespace team = new Namespace("team");
        S3Tier tier = tier("some/prefix", Coding.IDENTITY);
        List<ActionId> actions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            actions.add(TestObject.ofSize(i + 1).action());
            record(tier, new ActionKey(i < 3 ? Namespace.GLOBAL : team, actions.get(i)));
        }

        Tier.Page all = tier.actions(Namespace.GLOBAL, null);
        assertThat(all.actions()).containsExactlyInAnyOrderElementsOf(actions.subList(0, 3));
        Tier.Page teams = tier.actions(team, null);
        assertThat(teams.actions()).containsExactlyInAnyOrderElementsOf(actions.subList(3, 5));
        assertThat(tier.actions(new Namespace("other"), null).actions()).isEmpty();

        assertThat(tier.actions(team, teams.last())).isEqualTo(new Tier.Page(List.of(), null));
        String first = teams.actions().getFirst().hex();
        String key = "some/prefix/namespace/team/action/" + first.substring(0, 2) + "/" + first;
        assertThat(tier.actions(team, key).actions()).containsExactly(teams.actions().getLast());
    }

    private void record(S3Tier tier, ActionKey action) throws Exception {
        tier.putAction(
                new Entry(action, object.output(), 1, NOW, Provenance.UNKNOWN),
                Duration.ofMinutes(1));
    }

    final String bucket() {
        return bucket;
    }

    final Path directory() {
        return directory;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team", "team/a", "team//b/"})
    void aSecondServiceWithAnEmptyDiskReadsWhatTheFirstWrote(String keyPrefix) throws Exception {
        put(cache(disk, keyPrefix), object);
        try (DiskTier empty = TestDisk.open(directory.resolve("second"))) {
            TieredCache second = cache(empty, keyPrefix);
            Lookup.Hit fault = (Lookup.Hit) second.get(Access.OPEN, object.action());
            assertThat(fault.tier()).isEqualTo("s3");
            assertThat(fault.entry())
                    .isEqualTo(new Entry(object.action(), object.output(), object.size(), NOW));
            assertThat(bytes(fault.content())).isEqualTo(object.bytes());
            Lookup.Hit local = (Lookup.Hit) second.get(Access.OPEN, object.action());
            assertThat(local.tier()).isEqualTo("disk");
            assertThat(local.entry()).isEqualTo(fault.entry());
            assertThat(bytes(second.find(Access.OPEN, object.output()))).isEqualTo(object.bytes());
        }
        assertThat(counters.get(GET_FAULT_HIT)).isEqualTo(1);
        assertThat(counters.get(GET_LOCAL_HIT)).isEqualTo(1);
    }

    @Test
    void keysAndRecordAreThoseOfGoCachePlugin() throws Exception {
        put(cache, object);
        assertThat(keys()).containsExactly(actionKey(object), outputKey(object));
        assertThat(stored(actionKey(object)))
                .asString()
                .isEqualTo(object.output() + " " + NOW_NANOS);
        assertThat(stored(outputKey(object))).isEqualTo(object.bytes());
    }

    @Test
    void theKeyPrefixStandsBeforeThem() throws Exception {
        put(cache(disk, "team//a/"), object);
        assertThat(keys())
                .containsExactly("team/a/" + actionKey(object), "team/a/" + outputKey(object));
    }

    @Test
    void theUploadIsCounted() throws Exception {
        put(cache, object);
        assertUploads(1, 0, 1, 0);
    }

    @Test
    void anObjectThatIsThereIsNotSentAgain() throws Exception {
        put(cache, object);
        Instant written = lastModified(outputKey(object));
        ActionId other = TestValues.action("another action of " + object.output());
        cache.put(Access.OPEN, other, object.output(), object.size(), object.stream());
        assertUploads(1, 1, 2, 0);
        assertThat(lastModified(outputKey(object))).isEqualTo(written);
        assertThat(keys()).hasSize(3);
    }

    @Test
    void anObjectOfAnotherETagIsSentAgain() throws Exception {
        store(outputKey(object), "something else".getBytes(StandardCharsets.UTF_8));
        put(cache, object);
        assertUploads(1, 0, 1, 0);
        assertThat(stored(outputKey(object))).isEqualTo(object.bytes());
    }

    @Test
    void anActionRecordIsReplacedByALaterPut() throws Exception {
        put(cache, object);
        TestObject later = TestObject.ofSize(17);
        cache.put(Access.OPEN, object.action(), later.output(), later.size(), later.stream());
        assertThat(stored(actionKey(object))).asString().startsWith(later.output().hex());
    }

    @Test
    void whatTheBucketDoesNotHaveIsAMiss() throws Exception {
        assertThat(cache.get(Access.OPEN, object.action())).isInstanceOf(Lookup.Miss.class);
        assertThat(cache.find(Access.OPEN, object.output())).isEmpty();
        assertThat(counters.get(GET_FAULT_MISS)).isEqualTo(1);
    }

    @Test
    void anActionWithoutItsObjectIsAnErrorAndNotAMiss() {
        store(actionKey(object), record(object));
        assertFails("does not have it");
        assertThat(counters.get(GET_FAULT_MISS)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "abcd",
                "abcd 1 2",
                "ABCD 1700000000000000000",
                "abc 1700000000000000000",
                "\u0000\u0001 1"
            })
    void anInvalidRecordIsAnErrorAndNotAMiss(String text) {
        store(outputKey(object), object.bytes());
        store(actionKey(object), text.getBytes(StandardCharsets.UTF_8));
        assertFails("invalid action record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "1.7e18", "99999999999999999999"})
    void anInvalidTimestampIsAnErrorAndNotAMiss(String timestamp) {
        store(outputKey(object), object.bytes());
        String text = object.output() + " " + timestamp;
        store(actionKey(object), text.getBytes(StandardCharsets.UTF_8));
        assertFails("invalid timestamp");
    }

    @Test
    void aHugeRecordIsAnErrorToo() {
        store(actionKey(object), TestObject.ofSize(1_000_000).bytes());
        assertFails("invalid");
    }

    @Test
    void anObjectOfOtherBytesIsAnErrorAndIsNotStored() {
        byte[] other = object.bytes().clone();
        other[7] ^= 1;
        assertObjectIsRefused(other);
    }

    @Test
    void anObjectThatIsTooShortIsAnErrorAndIsNotStored() {
        assertObjectIsRefused(Arrays.copyOf(object.bytes(), object.size() - 1));
    }

    @Test
    void anObjectThatIsTooLongIsAnErrorAndIsNotStored() {
        assertObjectIsRefused(Arrays.copyOf(object.bytes(), object.size() + 1));
    }

    @Test
    void anEmptyObjectThatShouldNotBeEmptyIsAnErrorAndIsNotStored() {
        assertObjectIsRefused(new byte[0]);
    }

    @Test
    void aRecordMayHaveMuchWhiteSpaceAroundIt() throws Exception {
        store(outputKey(object), object.bytes());
        String blanks = " ".repeat(10_000);
        String text = blanks + object.output() + "\t+" + NOW_NANOS + "\n" + blanks;
        store(actionKey(object), text.getBytes(StandardCharsets.US_ASCII));
        Lookup.Hit hit = (Lookup.Hit) cache.get(Access.OPEN, object.action());
        assertThat(hit.entry().time()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, INLINE_SIZE, LARGE})
    void objectsOfAnySizeMakeTheRoundTrip(int size) throws Exception {
        TestObject any = size == 0 ? TestObject.of("") : TestObject.ofSize(size);
        put(cache, any);
        assertUploads(1, 0, 1, 0);
        try (DiskTier empty = TestDisk.open(directory.resolve("second"))) {
            Lookup.Hit hit = (Lookup.Hit) cache(empty, "").get(Access.OPEN, any.action());
            assertThat(hit.entry().size()).isEqualTo(size);
            assertThat(Arrays.equals(bytes(hit.content()), any.bytes())).isTrue();
        }
    }

    @Test
    void anEntryPutInTwoStepsIsUploadedToo() throws Exception {
        cache.putObject(Access.OPEN, object.output(), object.size(), object.stream());
        assertThat(keys()).isEmpty();
        assertThat(cache.putAction(Access.OPEN, object.action(), object.output())).isTrue();
        assertThat(keys()).containsExactly(actionKey(object), outputKey(object));
    }

    @Test
    void anotherReplicaKnowsAnActionsNamespaceAndWriter() throws Exception {
        Namespace pull = new Namespace("pr-7");
        Provenance writer =
                new Provenance(null, "https://ci", "jürg", "acme/app", "a b/ß", "1", "10.0.0.1");
        Access puller = Access.of(List.of(pull, Namespace.GLOBAL), pull, writer);
        TestObject planted = TestObject.ofSize(100);
        put(cache(disk, "team"), object);
        cache(disk, "team")
                .put(puller, object.action(), planted.output(), planted.size(), planted.stream());
        try (DiskTier empty = TestDisk.open(directory.resolve("second"))) {
            TieredCache second = cache(empty, "team");
            Lookup.Hit global = (Lookup.Hit) second.get(Access.OPEN, object.action());
            assertThat(global.entry().output()).isEqualTo(object.output());
            Lookup.Hit hit = (Lookup.Hit) second.get(puller, object.action());
            // What the disk has in a later namespace beats what only S3 has in an earlier one.
            assertThat(hit.entry().output()).isEqualTo(object.output());
            empty.remove(object.key());
            Lookup.Hit theirs = (Lookup.Hit) second.get(puller, object.action());
            assertThat(theirs.entry().output()).isEqualTo(planted.output());
            assertThat(theirs.entry().by()).isEqualTo(writer);
            assertThat(empty.entries(object.action()))
                    .singleElement()
                    .extracting(Entry::by)
                    .isEqualTo(writer);
        }
        S3Tier tier = new S3Tier(s3(), bucket, "team", Coding.IDENTITY, Duration.ofSeconds(10));
        WrittenBy query =
                new WrittenBy(
                        new Provenance(null, null, "jürg", null, null, null, null),
                        null,
                        NOW.minusSeconds(1),
                        Instant.MAX);
        List<Entry> written = new ArrayList<>();
        tier.written(query, written::add);
        assertThat(written)
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.key()).isEqualTo(new ActionKey(pull, object.action()));
                            assertThat(entry.output()).isEqualTo(planted.output());
                            assertThat(entry.by()).isEqualTo(writer);
                        });
    }

    @Test
    void aBucketThatIsThereIsHealthy() throws Exception {
        new S3Tier(s3(), bucket, "", Coding.IDENTITY, Duration.ofSeconds(10)).check();
    }

    @Test
    void aBucketThatIsNotThereIsNotHealthyAndAnErrorToRead() throws Exception {
        S3Tier tier =
                new S3Tier(s3(), "no-such-bucket", "", Coding.IDENTITY, Duration.ofSeconds(10));
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(tier::check)
                .withMessageContaining("no-such-bucket");
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> tier.get(object.key()));
    }

    @Test
    void aCompressedObjectIsSentAsStoredUnderAKeyOfItsOwnWhereThatIsWanted() throws Exception {
        InMemoryLocalTier local = compressing();
        put(cache(local, "", Coding.ZSTD), text);
        assertThat(keys()).containsExactly(actionKey(text), outputKey(text) + ".zst");
        HeadObjectResponse head = head(outputKey(text) + ".zst");
        assertThat(head.contentEncoding()).isEqualTo("zstd");
        assertThat(head.metadata())
                .containsEntry("uncompressed-length", String.valueOf(text.size()));
        byte[] stored = stored(outputKey(text) + ".zst");
        assertThat(stored.length).isLessThan(text.size());
        assertThat(Zstd.decompress(stored, text.size())).isEqualTo(text.bytes());
        assertUploads(1, 0, 1, 0);
    }

    @Test
    void aCompressedObjectIsSentDecodedOtherwise() throws Exception {
        put(cache(compressing(), "", Coding.IDENTITY), text);
        assertThat(keys()).containsExactly(actionKey(text), outputKey(text));
        assertThat(stored(outputKey(text))).isEqualTo(text.bytes());
    }

    @Test
    void anObjectThatIsNotCompressedIsSentAsItIsEitherWay() throws Exception {
        put(cache(new InMemoryLocalTier(), "", Coding.ZSTD), text);
        assertThat(keys()).containsExactly(actionKey(text), outputKey(text));
        assertThat(stored(outputKey(text))).isEqualTo(text.bytes());
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, IDENTITY", "IDENTITY, ZSTD", "ZSTD, IDENTITY", "ZSTD, ZSTD"})
    void bothCodingsAreReadWhicheverIsWritten(Coding written, Coding preferred) throws Exception {
        put(cache(compressing(), "", written), text);
        TieredCache reader = cache(new InMemoryLocalTier(), "", preferred);
        Lookup.Hit hit = (Lookup.Hit) reader.get(Access.OPEN, text.action());
        assertThat(hit.tier()).isEqualTo("s3");
        assertThat(hit.entry().size()).isEqualTo(text.size());
        assertThat(bytes(hit.content())).isEqualTo(text.bytes());
        TieredCache another = cache(new InMemoryLocalTier(), "", preferred);
        assertThat(bytes(another.find(Access.OPEN, text.output()))).isEqualTo(text.bytes());
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, ZSTD, 1", "ZSTD, ZSTD, 1", "ZSTD, IDENTITY, 2"})
    void whatIsThereInAUsableCodingIsNotSentAgain(Coding before, Coding now, int objects)
            throws Exception {
        put(cache(compressing(), "", before), text);
        put(cache(compressing(), "", now), text);
        assertThat(keys().stream().filter(key -> key.startsWith("output/"))).hasSize(objects);
        assertUploads(objects, 2 - objects, 2, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "many", "none"})
    void aCompressedObjectThatDoesNotSayItsLengthIsReadAllTheSame(String length) throws Exception {
        store(actionKey(object), record(object));
        Map<String, String> metadata =
                length.equals("none") ? Map.of() : Map.of("uncompressed-length", length);
        storeCompressed(object, Zstd.compress(object.bytes()), metadata);
        Lookup.Hit hit = (Lookup.Hit) cache.get(Access.OPEN, object.action());
        assertThat(bytes(hit.content())).isEqualTo(object.bytes());
    }

    @Test
    void aCompressedObjectThatIsDamagedIsAnErrorAndIsNotStored() {
        byte[] compressed = Zstd.compress(object.bytes());
        store(actionKey(object), record(object));
        Map<String, String> metadata = Map.of("uncompressed-length", "" + object.size());
        storeCompressed(object, Arrays.copyOf(compressed, compressed.length / 2), metadata);
        assertFails(object.output().hex());
        storeCompressed(object, Zstd.compress(new byte[object.size()]), metadata);
        assertFails(object.output().hex());
        storeCompressed(object, compressed, Map.of("uncompressed-length", "17"));
        assertFails(object.output().hex());
    }

    @Test
    void whatIsDeletedIsGoneInBothCodings() throws Exception {
        put(cache(compressing(), "", Coding.ZSTD), text);
        put(cache(compressing(), "", Coding.IDENTITY), text);
        S3Tier tier = tier("", Coding.IDENTITY);
        assertThat(keys()).hasSize(3);
        tier.deleteObject(text.output(), Duration.ofSeconds(10));
        assertThat(keys()).containsExactly(actionKey(text));
        tier.deleteAction(text.key(), Duration.ofSeconds(10));
        assertThat(keys()).isEmpty();
    }

    @Test
    void deletingWhatIsNotThereIsNoError() throws Exception {
        S3Tier tier = tier("", Coding.ZSTD);
        tier.deleteObject(text.output(), Duration.ofSeconds(10));
        tier.deleteAction(text.key(), Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource
    void aDiskThatCannotBeWrittenDoesNotKeepAnObjectBack(Coding coding) throws Exception {
        TestObject large = TestObject.ofSize(3_000_000);
        InMemoryLocalTier local = compressing();
        TieredCache writer = cache(local, "", coding);
        put(writer, text);
        put(writer, large);
        InMemoryLocalTier full = new InMemoryLocalTier();
        full.writesFail = true;
        TieredCache reader = cache(full, "", coding);
        for (TestObject each : List.of(text, large)) {
            Lookup.Hit hit = (Lookup.Hit) reader.get(Access.OPEN, each.action());
            assertThat(bytes(hit.content())).isEqualTo(each.bytes());
            reader.find(Access.OPEN, each.output()).orElseThrow().discard();
        }
        assertThat(counters.get(GET_FAULT_HIT)).isEqualTo(2);
    }

    private static InMemoryLocalTier compressing() {
        InMemoryLocalTier local = new InMemoryLocalTier();
        local.coding = Coding.ZSTD;
        return local;
    }

    private void storeCompressed(TestObject object, byte[] bytes, Map<String, String> metadata) {
        s3().putObject(
                        request ->
                                request.bucket(bucket)
                                        .key(outputKey(object) + ".zst")
                                        .contentEncoding("zstd")
                                        .metadata(metadata),
                        RequestBody.fromBytes(bytes));
    }

    private HeadObjectResponse head(String key) {
        return s3().headObject(request -> request.bucket(bucket).key(key));
    }

    private void assertObjectIsRefused(byte[] stored) {
        store(outputKey(object), stored);
        store(actionKey(object), record(object));
        assertFails(object.output().hex());
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> cache.find(Access.OPEN, object.output()));
    }

    private void assertFails(String message) {
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> cache.get(Access.OPEN, object.action()))
                .withMessageStartingWith("[s3] ")
                .withMessageContaining(message);
        assertThat(disk.report().usage()).isEqualTo(new Usage(0, 0, 0, 0));
    }

    private void assertUploads(long sent, long found, long actions, long errors) {
        assertThat(
                        Map.of(
                                PUT_S3_OBJECT, counters.get(PUT_S3_OBJECT),
                                PUT_S3_FOUND, counters.get(PUT_S3_FOUND),
                                PUT_S3_ACTION, counters.get(PUT_S3_ACTION),
                                PUT_S3_ERROR, counters.get(PUT_S3_ERROR)))
                .isEqualTo(
                        Map.of(
                                PUT_S3_OBJECT, sent,
                                PUT_S3_FOUND, found,
                                PUT_S3_ACTION, actions,
                                PUT_S3_ERROR, errors));
    }

    private static void put(TieredCache cache, TestObject object)
            throws ObjectSourceException, TierException {
        cache.put(Access.OPEN, object.action(), object.output(), object.size(), object.stream());
    }

    private static byte[] record(TestObject object) {
        return (object.output() + " " + NOW_NANOS).getBytes(StandardCharsets.US_ASCII);
    }

    private static String actionKey(TestObject object) {
        String hex = object.action().hex();
        return "action/" + hex.substring(0, 2) + "/" + hex;
    }

    private static String outputKey(TestObject object) {
        String hex = object.output().hex();
        return "output/" + hex.substring(0, 2) + "/" + hex;
    }

    private List<String> keys() {
        return s3().listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }

    private Instant lastModified(String key) {
        return s3().headObject(request -> request.bucket(bucket).key(key)).lastModified();
    }

    private byte[] stored(String key) {
        return s3().getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArray();
    }

    private void store(String key, byte[] bytes) {
        s3().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    private static byte[] bytes(Optional<Content> content) throws IOException {
        return bytes(content.orElseThrow());
    }

    static byte[] bytes(Content content) throws IOException {
        try (InputStream body = content.open()) {
            return body.readAllBytes();
        }
    }
}
