package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Which coding a client gets, for each form of Accept-Encoding, each coding in which an object can be stored and each
 * place where it can be, by action and by output ID.
 */
class ContentCodingTest extends FakeCacheFixture {

    private static final Map<String, Boolean> ACCEPT_ENCODINGS =
            Map.of(
                    "(none)", false,
                    "zstd", true,
                    "gzip, ZSTD;q=0.5", true,
                    "*", true,
                    "gzip", false,
                    "identity", false,
                    "zstd;q=0, *", false);

    static List<Arguments> matrix() {
        List<Arguments> matrix = new ArrayList<>();
        ACCEPT_ENCODINGS.forEach(
                (accepted, allowed) -> {
                    for (Coding stored : Coding.values()) {
                        for (Place place : Place.values()) {
                            for (int size : new int[] {SMALL, LARGE}) {
                                Coding sent = allowed ? stored : Coding.IDENTITY;
                                matrix.add(Arguments.of(accepted, stored, place, size, sent));
                            }
                        }
                    }
                });
        return matrix;
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void aGet(String accepted, Coding stored, Place place, int size, Coding sent) throws Exception {
        TestObject object = holding(size, stored, place);
        for (String path : paths(object)) {
            var response = get(path, request(accepted));
            assertThat(response.statusCode()).isEqualTo(200);
            assertHeaders(response, object, sent);
            assertThat(Arrays.equals(response.body(), bytes(object, sent))).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void aHeadHasTheSameHeaders(String accepted, Coding stored, Place place, int size, Coding sent)
            throws Exception {
        TestObject object = holding(size, stored, place);
        for (String path : paths(object)) {
            var response = head(path, request(accepted));
            assertThat(response.statusCode()).isEqualTo(200);
            assertHeaders(response, object, sent);
            assertThat(response.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void ifNoneMatchIsAboutTheCodingThatWouldBeSent(
            String accepted, Coding stored, Place place, int size, Coding sent) throws Exception {
        TestObject object = holding(size, stored, place);
        for (String path : paths(object)) {
            for (Coding known : Coding.values()) {
                var response = get(path, request(accepted, "If-None-Match", tag(object, known)));
                assertThat(response.statusCode()).isEqualTo(known == sent ? 304 : 200);
                assertThat(header(response, "ETag")).isEqualTo(tag(object, sent));
                assertThat(header(response, "Vary")).contains("Accept-Encoding");
                if (known == sent) {
                    assertThat(response.body()).isEmpty();
                    assertThat(header(response, "Content-Encoding")).isEqualTo("(none)");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void aRangeIsOneOfTheObjectsOwnBytes(
            String accepted, Coding stored, Place place, int size, Coding sent) throws Exception {
        TestObject object = holding(size, stored, place);
        int start = size / 3;
        var response =
                get(
                        "/output/" + object.output(),
                        request(accepted, "Range", "bytes=%d-%d".formatted(start, size / 2)));
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(header(response, "Content-Range"))
                .isEqualTo("bytes %d-%d/%d".formatted(start, size / 2, size));
        assertThat(header(response, "ETag")).isEqualTo(tag(object, Coding.IDENTITY));
        assertThat(header(response, "Content-Encoding")).isEqualTo("(none)");
        assertThat(header(response, "Vary")).contains("Accept-Encoding");
        assertThat(response.body())
                .isEqualTo(Arrays.copyOfRange(object.bytes(), start, size / 2 + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63 * 1024, 64 * 1024, 64 * 1024 + 1, 2_000_000})
    void anObjectOfAnySizeIsDecoded(int size) throws Exception {
        for (Place place : Place.values()) {
            TestObject object = holding(size, Coding.ZSTD, place);
            var response = get("/output/" + object.output());
            assertThat(Arrays.equals(response.body(), object.bytes())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastBytesOfACodedObjectCanBeAskedFor(Place place) throws Exception {
        TestObject object = holding(LARGE, Coding.ZSTD, place);
        var response = get("/output/" + object.output(), "Range", "bytes=-10");
        assertThat(response.body())
                .isEqualTo(Arrays.copyOfRange(object.bytes(), LARGE - 10, LARGE));
    }

    @ParameterizedTest
    @EnumSource
    void ifRangeHoldsForTheObjectsOwnTagAlone(Place place) throws Exception {
        TestObject object = holding(SMALL, Coding.ZSTD, place);
        for (Coding known : Coding.values()) {
            var response =
                    get(
                            "/output/" + object.output(),
                            request("zstd", "Range", "bytes=0-9", "If-Range", tag(object, known)));
            assertThat(response.statusCode()).isEqualTo(known == Coding.IDENTITY ? 206 : 200);
            assertThat(header(response, "ETag")).isEqualTo(tag(object, Coding.IDENTITY));
            int length = known == Coding.IDENTITY ? 10 : SMALL;
            assertThat(response.body()).isEqualTo(Arrays.copyOf(object.bytes(), length));
        }
    }

    @Test
    void aRangeBeyondACodedObjectCannotBeSatisfied() throws Exception {
        TestObject object = holding(SMALL, Coding.ZSTD, Place.FILE);
        var response = get("/output/" + object.output(), request("zstd", "Range", "bytes=3000-"));
        assertProblem(response, ProblemType.RANGE_NOT_SATISFIABLE);
        assertThat(header(response, "Content-Range")).isEqualTo("bytes */3000");
        assertThat(header(response, "Content-Encoding")).isEqualTo("(none)");
    }

    @Test
    void anEmptyObjectMayBeStoredAsAFrame() throws Exception {
        TestObject object = holding(0, Coding.ZSTD, Place.MEMORY);
        assertThat(get("/output/" + object.output()).body()).isEmpty();
        var response = get("/output/" + object.output(), "Accept-Encoding", "zstd");
        assertThat(response.body()).isEqualTo(frame(object));
        assertThat(header(response, "X-Uncompressed-Length")).isEqualTo("0");
    }

    @Test
    void theEntryIsNeverCoded() throws Exception {
        TestObject object = holding(LARGE, Coding.ZSTD, Place.FILE);
        var response = get("/action/" + object.action(), "Accept-Encoding", "zstd");
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(header(response, "Content-Encoding")).isEqualTo("(none)");
    }

    @Test
    void trafficCountsWhatWasSentAndWhatWasSaved() throws Exception {
        TestObject object = holding(LARGE, Coding.ZSTD, Place.FILE);
        int stored = frame(object).length;
        long out = traffic.out();
        long saved = traffic.saved();
        get("/output/" + object.output(), "Accept-Encoding", "zstd");
        assertThat(traffic.out() - out).isEqualTo(stored);
        assertThat(traffic.saved() - saved).isEqualTo(LARGE - stored);
        get("/output/" + object.output());
        head("/output/" + object.output());
        assertThat(traffic.out() - out).isEqualTo(stored + LARGE);
        assertThat(traffic.saved() - saved).isEqualTo(LARGE - stored);
    }

    private static List<String> paths(TestObject object) {
        return List.of("/action/" + object.action(), "/output/" + object.output());
    }

    /** Headers of a Get; output IDs do not mind Want-Object. */
    private static String[] request(String accepted, String... headers) {
        List<String> all = new ArrayList<>(List.of("Want-Object", "1"));
        if (!accepted.equals("(none)")) {
            all.addAll(List.of("Accept-Encoding", accepted));
        }
        all.addAll(List.of(headers));
        return all.toArray(String[]::new);
    }

    private static void assertHeaders(
            HttpResponse<byte[]> response, TestObject object, Coding sent) {
        boolean coded = sent == Coding.ZSTD;
        assertThat(header(response, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(response, "Content-Length"))
                .isEqualTo(String.valueOf(bytes(object, sent).length));
        assertThat(header(response, "Content-Encoding")).isEqualTo(coded ? "zstd" : "(none)");
        assertThat(header(response, "X-Uncompressed-Length"))
                .isEqualTo(coded ? String.valueOf(object.size()) : "(none)");
        assertThat(header(response, "ETag")).isEqualTo(tag(object, sent));
        assertThat(header(response, "Vary")).contains("Accept-Encoding");
        assertThat(header(response, "Go-Output-Id")).isEqualTo(object.output().hex());
    }

    private static byte[] bytes(TestObject object, Coding coding) {
        return switch (coding) {
            case IDENTITY -> object.bytes();
            case ZSTD -> Zstd.compress(object.bytes());
        };
    }

    private static String tag(TestObject object, Coding coding) {
        return switch (coding) {
            case IDENTITY -> "\"%s\"".formatted(object.output());
            case ZSTD -> "\"%s-zstd\"".formatted(object.output());
        };
    }
}
