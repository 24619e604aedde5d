package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;

import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.UUID;

/** Puts whose object comes as a zstd frame. */
class CodedPutTest extends WebFixture {

    @ParameterizedTest
    @ValueSource(ints = {1000, 60_000, 65_536, 65_537, 1_000_000, 20_000_000})
    void theFrameIsStoredAsItCame(int size) throws Exception {
        TestObject object = text(size);
        byte[] frame = Zstd.compress(object.bytes(), 3); // the service itself uses level 1
        assertThat(putCoded(object, frame, size).statusCode()).isEqualTo(204);
        var served = get("/output/" + object.output(), "Accept-Encoding", "zstd");
        assertThat(served.headers().firstValue("Content-Encoding")).hasValue("zstd");
        assertThat(served.body()).isEqualTo(frame);
        assertServed(object);
        assertThat(tmp()).isEmpty();
    }

    @Test
    void theObjectAloneMayComeSoToo() throws Exception {
        TestObject object = text(100_000);
        HttpResponse<byte[]> response =
                put(
                        "/output/" + object.output(),
                        Zstd.compress(object.bytes()),
                        "Content-Encoding",
                        "zstd",
                        "X-Uncompressed-Length",
                        "100000");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(get("/output/" + object.output()).body()).isEqualTo(object.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 65_536, 1_000_000})
    void aFrameThatSavesNothingIsStoredAsWhatItHolds(int size) throws Exception {
        TestObject object = size == 0 ? TestObject.of("") : TestObject.ofSize(size);
        byte[] frame = Zstd.compress(object.bytes());
        assertThat(putCoded(object, frame, size).statusCode()).isEqualTo(204);
        assertServed(object);
        var served = get("/output/" + object.output(), "Accept-Encoding", "zstd");
        assertThat(served.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(tmp()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 300_000, 3_000_000})
    void aBodyThatIsNotOneWholeFrameOfTheObjectIsRefused(int size) throws Exception {
        TestObject object = text(size);
        byte[] frame = Zstd.compress(object.bytes());
        byte[] twice = Arrays.copyOf(frame, 2 * frame.length);
        System.arraycopy(frame, 0, twice, frame.length, frame.length);
        byte[] damaged = frame.clone();
        damaged[frame.length / 2] ^= 0x55;
        assertRefused(object, Arrays.copyOf(frame, frame.length - 1), size);
        assertRefused(object, Arrays.copyOf(frame, frame.length + 1), size);
        assertRefused(object, twice, size);
        assertRefused(object, damaged, size);
        assertRefused(object, frame, size - 1);
        assertRefused(object, frame, size + 1);
        assertRefused(object, Zstd.compress(text(size + 1).bytes()), size);
        assertRefused(object, Arrays.copyOf(object.bytes(), frame.length), size);
        assertRefused(object, new byte[0], size);
        assertThat(tmp()).isEmpty();
    }

    @Test
    void aFrameWithALargerWindowThanAContentCodingMayHaveIsRefused() throws Exception {
        TestObject object = text(20_000_000);
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            byte[] frame = context.setWindowLog(24).setContentSize(false).compress(object.bytes());
            assertRefused(object, frame, object.size());
        }
    }

    @Test
    void aBombEndsAtWhatWasAnnounced() throws Exception {
        TestObject object = TestObject.of(new byte[60_000_000]);
        assertRefused(object, Zstd.compress(object.bytes()), 1_000_000);
    }

    @Test
    void theObjectsOwnLengthMustBeToldAndAllowed() throws Exception {
        TestObject object = text(1000);
        byte[] frame = Zstd.compress(object.bytes());
        for (String length : new String[] {"", "-1", "1e3", "9999999999999999", "one"}) {
            assertProblem(putCoded(object, frame, length), ProblemType.BAD_REQUEST);
        }
        assertProblem(
                put(object.putPath(), frame, "Content-Encoding", "zstd"), ProblemType.BAD_REQUEST);
        assertProblem(putCoded(object, frame, 64_000_001), ProblemType.TOO_LARGE);
        assertProblem(putCoded(object, new byte[100_000], 10), ProblemType.BAD_REQUEST);
        assertNotServed(object);
    }

    @Test
    void anotherCodingIsRefusedWithWhatIsTaken() throws Exception {
        TestObject object = text(1000);
        var response = put(object.putPath(), object.bytes(), "Content-Encoding", "gzip");
        assertProblem(response, ProblemType.UNSUPPORTED_CODING);
        assertThat(response.headers().firstValue("Accept-Encoding")).hasValue("zstd");
        assertThat(
                        put(object.putPath(), object.bytes(), "Content-Encoding", "identity")
                                .statusCode())
                .isEqualTo(204);
        assertServed(object);
    }

    @Test
    void theFilterSaysThatZstdIsTaken() throws Exception {
        assertThat(get("/filter").headers().firstValue("Accept-Encoding")).hasValue("zstd");
    }

    private void assertRefused(TestObject object, byte[] frame, int size) throws Exception {
        assertProblem(putCoded(object, frame, size), ProblemType.BODY_MISMATCH);
        assertNotServed(object);
    }

    private HttpResponse<byte[]> putCoded(TestObject object, byte[] frame, int size)
            throws Exception {
        return putCoded(object, frame, Integer.toString(size));
    }

    private HttpResponse<byte[]> putCoded(TestObject object, byte[] frame, String size)
            throws Exception {
        return put(
                object.putPath(), frame, "Content-Encoding", "zstd", "X-Uncompressed-Length", size);
    }

    private static TestObject text(int size) {
        StringBuilder text = new StringBuilder(size + 40).append(UUID.randomUUID());
        for (int i = 0; text.length() < size; i++) {
            text.append("line ").append(i).append(" of ").append(size).append('\n');
        }
        return TestObject.of(text.substring(0, size));
    }
}
