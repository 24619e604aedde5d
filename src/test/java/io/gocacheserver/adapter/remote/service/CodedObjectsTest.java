package io.gocacheserver.adapter.remote.service;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.target.ServiceUrl;
import io.gocacheserver.adapter.http.target.Timeouts;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.remote.access.CircuitBreaker;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.testing.Zstd;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.ScriptedServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Fetches of objects in the content coding zstd, good and evil. */
class CodedObjectsTest {

    private static final ActionId ACTION = action("compile");
    private static final byte[] OBJECT = bytes("an object, an object, an object, an object");
    private static final byte[] FRAME = Zstd.frame(OBJECT);
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path installation;

    private static String library = "";

    @TempDir private Path directory;

    private Duration timeBudget = Duration.ofSeconds(30);

    @BeforeAll
    static void install() throws IOException {
        library = Zstd.library(installation);
    }

    @ParameterizedTest
    @CsvSource({
        "0, false",
        "1, false",
        "1000, false",
        "1000, true",
        "65536, true",
        "131072, false",
        "131073, false",
        "131072, true",
        "3000000, true",
        "20000000, false"
    })
    void decodesAnObject(int size, boolean random) throws IOException {
        byte[] object = object(size, random);

        byte[] frame = Zstd.frame(object);

        assertThat(fetch(answer(object, frame)))
                .isInstanceOf(FetchResult.Hit.class)
                .isEqualTo(
                        new FetchResult.Hit(
                                Objects.requireNonNull(disk().get(ACTION)), frame.length));
        assertThat(stored()).isEqualTo(object);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 131072, 3000000})
    void decodesAFrameThatDoesNotSayItsSize(int size) throws IOException {
        byte[] object = object(size, false);

        assertThat(fetch(answer(object, Zstd.frameWithoutSize(object))))
                .isInstanceOf(FetchResult.Hit.class);
        assertThat(stored()).isEqualTo(object);
    }

    @Test
    void asksForZstdAndTakesAnObjectThatComesPlain() throws IOException {
        try (ScriptedServer server = server(plain())) {
            ServiceCache cache = cache(server, library);

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Hit.class);
            assertThat(server.heads().getFirst()).contains("\r\nAccept-Encoding: zstd\r\n");
        }
    }

    @Test
    void decodesSeveralObjectsAtOnceAndKeepsTheConnections() throws Exception {
        byte[] object = object(300_000, true);
        try (ScriptedServer server = server(answer(object, Zstd.frame(object)));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            ServiceCache cache = cache(server, library);
            var fetches =
                    IntStream.range(0, 40)
                            .mapToObj(i -> threads.submit(() -> cache.fetch(action("action " + i))))
                            .toList();

            for (Future<FetchResult> fetch : fetches) {
                assertThat(fetch.get()).isInstanceOf(FetchResult.Hit.class);
            }
            assertThat(server.connections()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void decodesTheNextObjectAfterABrokenOne() throws IOException {
        byte[] broken = answer(OBJECT, Arrays.copyOf(FRAME, FRAME.length - 1));
        byte[] whole = answer(OBJECT, FRAME);
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> exchange.send(exchange.number() == 2 ? broken : whole))) {
            ServiceCache cache = cache(server, library);

            assertThat(cache.fetch(action("1"))).isInstanceOf(FetchResult.Hit.class);
            assertThat(cache.fetch(action("2"))).isInstanceOf(FetchResult.ServiceFailed.class);
            assertThat(cache.fetch(action("3"))).isInstanceOf(FetchResult.Hit.class);
        }
    }

    @Test
    void failsOnAFrameOfAnotherObject() throws IOException {
        failsWith(answer(OBJECT, Zstd.frame(object(OBJECT.length, true))), "other content");
    }

    @Test
    void failsOnAFrameThatIsCutOff() throws IOException {
        failsWith(answer(OBJECT, Arrays.copyOf(FRAME, FRAME.length - 1)), "ends too soon");
        failsWith(answer(OBJECT, new byte[0]), "ends too soon");
    }

    @Test
    void failsOnAConnectionThatClosesInTheMiddle() throws IOException {
        byte[] whole = answer(OBJECT, FRAME);

        failsWith(Arrays.copyOf(whole, whole.length - 3), "closed the connection");
    }

    @Test
    void failsOnAFrameThatIsNone() throws IOException {
        failsWith(answer(OBJECT, OBJECT), "a broken zstd frame: Unknown frame descriptor");
    }

    @Test
    void failsOnADamagedFrame() throws IOException {
        byte[] object = object(200_000, false);
        byte[] damaged = Zstd.frame(object);
        Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 4, (byte) 0xff);

        assertThat(fetch(answer(object, damaged))).isInstanceOf(FetchResult.ServiceFailed.class);
        assertThat(filesOnDisk()).isZero();
    }

    @Test
    void failsOnWhateverFollowsTheFrame() throws IOException {
        failsWith(answer(OBJECT, concat(FRAME, bytes("!"))), "something after the zstd frame");
        failsWith(answer(OBJECT, concat(FRAME, FRAME)), "something after the zstd frame");
        byte[] large = object(3_000_000, true);
        failsWith(
                answer(large, concat(Zstd.frame(large), new byte[100_000])),
                "something after the zstd frame");
    }

    @Test
    void stopsAtTheAnnouncedSize() throws IOException {
        byte[] bomb = Zstd.frame(new byte[200_000_000]);

        failsWith(answer(OBJECT, bomb), "longer than the announced 42 bytes");
        failsWith(
                answer(OBJECT, Zstd.frame(concat(OBJECT, bytes("!")))),
                "longer than the announced 42 bytes");
    }

    /** All of its input is there at once; what takes the time is its content. */
    @Test
    void stopsDecodingWhenItsTimeIsOver() throws IOException {
        timeBudget = Duration.ofMillis(100);
        byte[] bomb = Zstd.frame(new byte[200_000_000]);
        String headers = "Content-Encoding: zstd\r\nX-Uncompressed-Length: 200000000\r\n";

        failsWith(answer(OBJECT, headers, bomb), "the request took too long");
    }

    @Test
    void failsOnFewerBytesThanAnnounced() throws IOException {
        failsWith(
                answer(OBJECT, Zstd.frame(Arrays.copyOf(OBJECT, 41))),
                "41 bytes, not the announced 42");
    }

    @Test
    void failsOnAWindowThatWouldTakeTooMuchMemory() throws IOException {
        // One raw block, in a window of 16 MiB.
        byte[] frame = concat(HexFormat.of().parseHex("28b52ffd0070510100"), OBJECT);

        failsWith(answer(OBJECT, frame), "too much memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X-Uncompressed-Length: \r\n",
                "X-Uncompressed-Length: -1\r\n",
                "X-Uncompressed-Length: +42\r\n",
                "X-Uncompressed-Length: 42 bytes\r\n",
                "X-Uncompressed-Length: 99999999999999999999\r\n"
            })
    void failsWithoutAValidUncompressedLength(String header) throws IOException {
        failsWith(
                answer(OBJECT, "Content-Encoding: zstd\r\n" + header, FRAME),
                "without a valid X-Uncompressed-Length");
    }

    @ParameterizedTest
    @CsvSource({
        "1000000000000, 'an object of 1.0 TB'",
        "4000000000, 'an object of 4000000000 bytes, sent as '"
    })
    void failsOnAnUncompressedLengthThatCannotBe(long size, String reason) throws IOException {
        failsWith(
                answer(
                        OBJECT,
                        "Content-Encoding: zstd\r\nX-Uncompressed-Length: " + size + "\r\n",
                        FRAME),
                reason);
    }

    @Test
    void failsOnAFrameThatIsMuchLongerThanItsContent() throws IOException {
        String headers =
                "Content-Encoding: zstd\r\nX-Uncompressed-Length: " + OBJECT.length + "\r\n";
        failsWith(answer(OBJECT, headers, new byte[100_000]), "42 bytes, sent as 100000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "gzip, zstd", "zstd, zstd"})
    void failsOnAnyOtherCoding(String coding) throws IOException {
        failsWith(
                answer(
                        OBJECT,
                        "Content-Encoding: " + coding + "\r\nX-Uncompressed-Length: 42\r\n",
                        FRAME),
                "coding " + coding + ", which was not asked for");
    }

    @Test
    void fetchesPlainObjectsWhereThereIsNoLibrary() throws IOException {
        fetchesPlain(null, "no zstd library for this platform");
    }

    @Test
    void fetchesPlainObjectsWhereTheLibraryIsMissing() throws IOException {
        fetchesPlain(directory.resolve("none").toString(), "UnsatisfiedLinkError");
    }

    @Test
    void fetchesPlainObjectsWhereTheLibraryIsForAnotherPlatform() throws IOException {
        fetchesPlain(Zstd.libraryForAnotherPlatform(installation), "UnsatisfiedLinkError");
    }

    @Test
    void failsOnACodedObjectWhereItAskedForAPlainOne() throws IOException {
        try (ScriptedServer server = server(answer(OBJECT, FRAME))) {
            assertThat(cache(server, new ZstdDecoders(null)).fetch(ACTION))
                    .isEqualTo(
                            new FetchResult.ServiceFailed(
                                    "it answered in the content coding zstd, which was not asked for"));
        }
    }

    private void fetchesPlain(@Nullable String file, String problem) throws IOException {
        ZstdDecoders decoders = new ZstdDecoders(file);
        try (ScriptedServer server = server(plain())) {
            ServiceCache cache = cache(server, decoders);
            assertThat(decoders.problem()).isNull();

            assertThat(cache.fetch(ACTION)).isInstanceOf(FetchResult.Hit.class);
            assertThat(server.heads().getFirst()).contains("\r\nAccept-Encoding: identity\r\n");
            assertThat(decoders.problem()).contains(problem);
        }
    }

    private void failsWith(byte[] answer, String reason) throws IOException {
        FetchResult result = fetch(answer);

        assertThat(result).isInstanceOf(FetchResult.ServiceFailed.class);
        assertThat(((FetchResult.ServiceFailed) result).reason()).contains(reason);
        assertThat(disk().get(ACTION)).isNull();
        assertThat(filesOnDisk()).isZero();
    }

    private FetchResult fetch(byte[] answer) throws IOException {
        try (ScriptedServer server =
                new ScriptedServer(
                        exchange -> {
                            exchange.send(answer);
                            exchange.hangUp();
                        })) {
            return cache(server, library).fetch(ACTION);
        }
    }

    private static ScriptedServer server(byte[] answer) throws IOException {
        return new ScriptedServer(exchange -> exchange.send(answer));
    }

    private static byte[] plain() {
        return answer(OBJECT, "", OBJECT);
    }

    private static byte[] answer(byte[] object, byte[] frame) {
        String headers =
                "Content-Encoding: zstd\r\nX-Uncompressed-Length: " + object.length + "\r\n";
        return answer(object, headers, frame);
    }

    private static byte[] answer(byte[] object, String headers, byte[] body) {
        String head =
                "HTTP/1.1 200 OK\r\nGo-Output-Id: %s\r\nContent-Length: %d\r\n%s\r\n"
                        .formatted(output(object), body.length, headers);
        return concat(bytes(head), body);
    }

    private static byte[] object(int size, boolean random) {
        byte[] object = new byte[size];
        if (random) {
            new Random(size).nextBytes(object);
        } else {
            for (int i = 0; i < size; i++) {
                object[i] = (byte) (i * (i >> 8));
            }
        }
        return object;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }

    private ServiceCache cache(ScriptedServer server, String file) {
        return cache(server, new ZstdDecoders(file));
    }

    private ServiceCache cache(ScriptedServer server, ZstdDecoders decoders) {
        ServiceAccess service =
                new ServiceAccess(
                        new HttpClient(
                                ServiceUrl.parse(server.url()), TIMEOUTS, 4, System::nanoTime),
                        new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                        new CircuitBreaker(3, Duration.ofHours(1), System::nanoTime),
                        decoders,
                        false,
                        "test");
        return new ServiceCache(
                service,
                disk(),
                new InFlightObjects(),
                new ServiceCache.Settings(
                        Mode.READ_WRITE, true, timeBudget, 4, ServiceCache.Ahead.NONE),
                new ServiceCache.Background(task -> {}, task -> {}, Runnable::run),
                System::nanoTime);
    }

    private NativeCache disk() {
        return new NativeCache(directory.toString(), "1", InstantSource.system());
    }

    private byte[] stored() throws IOException {
        return Files.readAllBytes(Path.of(Objects.requireNonNull(disk().get(ACTION)).path()));
    }

    private long filesOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).count();
        }
    }
}
