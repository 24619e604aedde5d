package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

class VerifiedStreamTest {

    private final TestObject object = TestObject.of("Hello, Go");

    @Test
    void passesTheBytesThrough() throws IOException {
        try (VerifiedStream stream = announced(object.size())) {
            assertThat(stream.readAllBytes()).isEqualTo(object.bytes());
        }
    }

    @Test
    void passesThemOneByOneToo() throws IOException {
        try (VerifiedStream stream = announced(object.size())) {
            for (byte expected : object.bytes()) {
                assertThat(stream.read()).isEqualTo(expected & 0xff);
            }
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    @Test
    void verifiesBeforeItDeliversTheLastByte() throws IOException {
        byte[] other = object.bytes().clone();
        other[0] ^= 1;
        try (var stream =
                new VerifiedStream(
                        new ByteArrayInputStream(other), object.output(), object.size())) {
            assertThat(stream.readNBytes(object.size() - 1)).hasSize(object.size() - 1);
            assertThatExceptionOfType(ObjectMismatchException.class).isThrownBy(stream::read);
            assertThatExceptionOfType(ObjectMismatchException.class).isThrownBy(stream::read);
        }
    }

    @Test
    void looksForFurtherBytesBeforeItDeliversTheLastOne() throws IOException {
        try (VerifiedStream stream = announced(object.size() - 1)) {
            assertThat(stream.readNBytes(object.size() - 2)).hasSize(object.size() - 2);
            assertThatExceptionOfType(ObjectMismatchException.class)
                    .isThrownBy(stream::read)
                    .withMessageContaining("more than the announced 8 bytes");
        }
    }

    @Test
    void aReaderThatStopsAtTheLastByteHasAVerifiedObject() throws IOException {
        try (VerifiedStream stream = announced(object.size())) {
            assertThat(stream.readNBytes(object.size())).isEqualTo(object.bytes());
        }
    }

    @Test
    void anEmptyObjectWithBytesIsRefused() throws IOException {
        TestObject empty = TestObject.of("");
        try (var stream = new VerifiedStream(object.stream(), empty.output(), 0)) {
            assertThatExceptionOfType(ObjectMismatchException.class).isThrownBy(stream::read);
        }
    }

    @Test
    void saysTheEndAgainWhenAskedAgain() throws IOException {
        try (VerifiedStream stream = announced(object.size())) {
            stream.readAllBytes();
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.read(new byte[8])).isEqualTo(-1);
        }
    }

    @Test
    void anEmptyObjectIsAnObject() throws IOException {
        TestObject empty = TestObject.of("");
        try (var stream = new VerifiedStream(empty.stream(), empty.output(), 0)) {
            assertThat(stream.readAllBytes()).isEmpty();
        }
    }

    @Test
    void refusesFewerBytesThanAnnounced() throws IOException {
        try (VerifiedStream stream = announced(object.size() + 1)) {
            assertThatExceptionOfType(ObjectMismatchException.class)
                    .isThrownBy(stream::readAllBytes)
                    .withMessageContaining("has 9 bytes, not the announced 10")
                    .withMessageContaining(object.output().hex());
        }
    }

    @Test
    void refusesMoreBytesThanAnnouncedWithoutReadingThemAll() throws IOException {
        try (var stream =
                new VerifiedStream(
                        new SequenceInputStream(object.stream(), new Endless()),
                        object.output(),
                        object.size())) {
            assertThatExceptionOfType(ObjectMismatchException.class)
                    .isThrownBy(stream::readAllBytes)
                    .withMessageContaining("more than the announced 9 bytes");
        }
    }

    @Test
    void refusesOtherBytes() throws IOException {
        byte[] other = object.bytes().clone();
        other[0] ^= 1;
        try (var stream =
                new VerifiedStream(
                        new ByteArrayInputStream(other), object.output(), object.size())) {
            assertThatExceptionOfType(ObjectMismatchException.class)
                    .isThrownBy(stream::readAllBytes)
                    .withMessageContaining("its SHA-256 is");
        }
    }

    @Test
    void tellsABrokenSourceFromWrongBytes() throws IOException {
        try (var stream = new VerifiedStream(new Broken(), object.output(), object.size())) {
            assertThatExceptionOfType(ObjectSourceException.class)
                    .isThrownBy(stream::readAllBytes)
                    .isNotInstanceOf(ObjectMismatchException.class)
                    .withMessageContaining("broke off after 0 of 9 bytes: reset by peer");
        }
    }

    @Test
    void closesItsSource() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream source =
                new ByteArrayInputStream(object.bytes()) {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                };
        new VerifiedStream(source, object.output(), object.size()).close();
        assertThat(closed).isTrue();
    }

    private VerifiedStream announced(long size) {
        return new VerifiedStream(object.stream(), object.output(), size);
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("reset by peer");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return read();
        }
    }

    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 'x';
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            Arrays.fill(buffer, offset, offset + length, (byte) 'x');
            return length;
        }
    }
}
