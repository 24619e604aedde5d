package io.gocacheserver.adapter.protocol;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.base64;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

class RequestReaderTest {

    private static final String ACTION = base64(action("x").bytes());
    private static final String OUTPUT = base64(output(bytes("body")).bytes());

    @Test
    void readsGetPutAndCloseWithBlankLinesBetween() throws IOException {
        RequestReader reader =
                reader(
                        "{\"ID\":1,\"Command\":\"get\",\"ActionID\":\""
                                + ACTION
                                + "\"}\n\n\n{\"ID\":2,\"Command\":\"put\",\"ActionID\":\""
                                + ACTION
                                + "\",\"OutputID\":\""
                                + OUTPUT
                                + "\",\"BodySize\":4}\n\n\"Ym9keQ==\"\n{\"ID\":3,\"Command\":\"close\"}\n");

        assertThat(reader.next()).isEqualTo(new Request.Get(1, action("x")));
        assertThat(reader.next())
                .isEqualTo(new Request.Put(2, action("x"), output(bytes("body")), 4));
        assertThat(readAll(reader.body(), 3)).isEqualTo(bytes("body"));
        assertThat(reader.next()).isEqualTo(new Request.Close(3));
        assertThat(reader.next()).isNull();
    }

    @Test
    void understandsTheObjectIdOfGo121To123() throws IOException {
        RequestReader reader =
                reader(
                        "{\"ID\":2,\"Command\":\"put\",\"ActionID\":\""
                                + ACTION
                                + "\",\"ObjectID\":\""
                                + OUTPUT
                                + "\"}");

        assertThat(reader.next())
                .isEqualTo(new Request.Put(2, action("x"), output(bytes("body")), 0));
    }

    @Test
    void skipsUnknownFieldsOfAnyKindAndDepth() throws IOException {
        RequestReader reader =
                reader(
                        "{\"New\":{\"a\":[1,-2.5e3,{\"}\":\"]\\\"\"}],\"b\":null},\"T\":true, \"ID\" : 7 ,"
                                + "\"S\":\"\\u00e4\\n\",\"Command\":\"close\",\"Z\":[]}");

        assertThat(reader.next()).isEqualTo(new Request.Close(7));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999_999_999_999_999_999L, Long.MAX_VALUE})
    void takesIdsOf63Bits(long id) throws IOException {
        assertThat(reader("{\"ID\":" + id + ",\"Command\":\"close\"}").next())
                .isEqualTo(new Request.Close(id));
    }

    @Test
    void takesNamesOfFieldsInAnyCase() throws IOException {
        RequestReader reader =
                reader(
                        "{\"id\":2,\"COMMAND\":\"put\",\"actionid\":\""
                                + ACTION
                                + "\",\"outPutId\":\""
                                + OUTPUT
                                + "\",\"Body\u017fize\":4,\"Command2\":1,\"I\":3}");

        assertThat(reader.next())
                .isEqualTo(new Request.Put(2, action("x"), output(bytes("body")), 4));
    }

    @Test
    void passesOnUnknownCommandsAsInvalidRequests() throws IOException {
        RequestReader reader = reader("{\"ID\":5,\"Command\":\"get2\",\"BodySize\":9}");

        assertThat(reader.next())
                .isEqualTo(new Request.Invalid(5, "unknown command \"get2\"", true));
    }

    @Test
    void passesOnIdsOfAnotherLengthAsInvalidRequests() throws IOException {
        assertThat(reader("{\"ID\":5,\"Command\":\"get\",\"ActionID\":\"AAAA\"}").next())
                .isEqualTo(new Request.Invalid(5, "get with a ActionID of 3 bytes, not 32", false));
        assertThat(reader("{\"ID\":5,\"Command\":\"get\"}").next())
                .isEqualTo(new Request.Invalid(5, "get without ActionID in base64", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\n",
                "[1]\n",
                "{\"ID\":1,}\n",
                "{\"ID\":\"1\"}\n",
                "{\"ID\":1.5}\n",
                "{\"ID\":1 \"Command\":\"get\"}\n",
                "{\"Command\":\"close\"}\n",
                "{}\n",
                "{\"ID\":1,\"Command\":\"clo\nse\"}",
                "{\"ID\":1,\"X\":oops!}\n",
                "{\"ID\":9223372036854775808}\n",
                "{\"ID\":99999999999999999999}\n",
                "{\"ID\":18446744073709551617}\n",
                "{\"ID\":-1}\n"
            })
    void refusesLinesThatAreNoJsonOrNoRequest(String line) {
        RequestReader reader = reader(line);

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(reader::next)
                .withMessageStartingWith("stdin is not the Go command's GOCACHEPROG protocol");
    }

    @Test
    void tellsWhenStdinClosesInTheMiddleOfARequest() {
        RequestReader reader = reader("{\"ID\":1,\"Comm");

        assertThatExceptionOfType(EOFException.class).isThrownBy(reader::next);
    }

    @Test
    void tellsWhenStdinClosesInTheMiddleOfABody() throws IOException {
        Base64Body body = reader("\"Ym9").body();

        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> readAll(body, 1024));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ym9", "Ym9keQ=", "Ym9k*Q==", "=", "Ym9keQ==Ym9k", "\\u0041aaa"})
    void refusesABodyThatIsNoBase64AndFindsTheRequestAfterIt(String text) throws IOException {
        RequestReader reader = reader('"' + text + "\"\n{\"ID\":3,\"Command\":\"close\"}");
        Base64Body body = reader.body();

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> readAll(body, 1024));
        body.skip();
        assertThat(reader.next()).isEqualTo(new Request.Close(3));
    }

    @Test
    void decodesBodiesOfAnyLengthAcrossBuffersOfAnySize() throws IOException {
        Random random = new Random(7);
        for (int size : new int[] {1, 2, 3, 4, 98_303, 98_304, 98_305, 700_001}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            InputStream in = new Trickle(bytes('"' + base64(bytes) + '"'), random);
            assertThat(readAll(new RequestReader(in).body(), 3 + random.nextInt(5000)))
                    .isEqualTo(bytes);
        }
    }

    private static RequestReader reader(String text) {
        return new RequestReader(new ByteArrayInputStream(bytes(text)));
    }

    private static byte[] readAll(Base64Body body, int chunkSize) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[chunkSize];
        for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
            all.write(chunk, 0, count);
        }
        return all.toByteArray();
    }

    /** Gives a few bytes at a time, as a pipe does. */
    private static final class Trickle extends ByteArrayInputStream {

        private final Random random;

        Trickle(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public synchronized int read(byte[] target, int from, int length) {
            return super.read(target, from, Math.min(length, 1 + random.nextInt(9000)));
        }
    }
}
