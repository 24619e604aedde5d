package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.text.Rfc3339;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.WireHeaders;

import org.jspecify.annotations.Nullable;

/** A service's description of an object, as far as it can be believed, of which {@code length} bytes follow: itself or a zstd frame of it. */
record AnnouncedObject(OutputId output, long size, long length, boolean coded, long unixNanos) {

    /** As much as a service takes by default ({@code cache-server.web.max-object-size}). */
    private static final long MAX_SIZE = 4L << 30;

    /** Content that one byte of a zstd frame can stand for: 128 KiB in a block of four bytes, headers not counted. */
    private static final long MAX_ZSTD_RATIO = 32 * 1024;

    /** Bytes that a frame may have beyond its content, in headers of blocks and frame. */
    private static final long ZSTD_OVERHEAD = 64 * 1024;

    private static final int SHA256_HEX = 64;

    /** Fails with an IllegalArgumentException that says what cannot be. */
    AnnouncedObject {
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "it announced an object of %s; %s is the most that is taken"
                            .formatted(ByteSize.format(size), ByteSize.format(MAX_SIZE)));
        }
        boolean possible =
                coded
                        ? size / MAX_ZSTD_RATIO <= length
                                && length <= size + size / 8 + ZSTD_OVERHEAD
                        : size == length;
        if (size < 0 || !possible) {
            throw new IllegalArgumentException(
                    "it announced an object of " + size + " bytes, sent as " + length);
        }
        require(unixNanos >= 0, "it announced an object from before 1970");
    }

    /** Reads an answer with status 200; a captive portal's has no such headers. An object without a time counts as put now. */
    static AnnouncedObject of(HttpResponse response, boolean zstdAccepted) {
        String type = response.header("Content-Type");
        require(
                type == null || !type.startsWith("text/html"),
                "it answered with a web page: check the URL");
        String coding = response.header("Content-Encoding");
        boolean coded = zstdAccepted && WireHeaders.ZSTD.equalsIgnoreCase(coding);
        if (coding != null && !coded && !coding.equalsIgnoreCase("identity")) {
            throw new IllegalArgumentException(
                    "it answered in the content coding %s, which was not asked for"
                            .formatted(Failure.printable(coding)));
        }
        OutputId output = outputId(response.header(WireHeaders.OUTPUT_ID));
        long length = response.contentLength();
        require(length >= 0, "it answered without a Content-Length");
        long size = coded ? response.bytesIn(WireHeaders.UNCOMPRESSED_LENGTH) : length;
        require(
                size >= 0,
                "it answered in zstd without a valid " + WireHeaders.UNCOMPRESSED_LENGTH);
        long time = time(response.header(WireHeaders.ENTRY_TIME));
        return new AnnouncedObject(output, size, length, coded, time);
    }

    private static OutputId outputId(@Nullable String text) {
        try {
            if (text != null && text.length() == SHA256_HEX) {
                return new OutputId(text);
            }
        } catch (InvalidIdException e) {
            // As good as none.
        }
        throw new IllegalArgumentException(
                "it answered without a valid " + WireHeaders.OUTPUT_ID + ": check the URL");
    }

    private static long time(@Nullable String text) {
        try {
            return text == null ? System.currentTimeMillis() * 1_000_000L : Rfc3339.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "it answered without a valid " + WireHeaders.ENTRY_TIME, e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
