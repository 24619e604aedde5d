package io.gocacheserver.adapter.remote;

import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.text.Rfc3339;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.WireHeaders;

import org.jspecify.annotations.Nullable;

/**
 * What the headers of a hit say about its object. A captive portal's 200 has none of them.
 *
 * @param output its SHA-256
 * @param size its bytes
 * @param coded whether the body is not those bytes, but a zstd frame of them
 * @param unixNanos when the action was put; now, if the service does not say
 */
record ObjectHeaders(OutputId output, long size, boolean coded, long unixNanos) {

    private static final int SHA256_HEX = 64;

    /** Content that one byte of a zstd frame can stand for: 128 KiB in a block of four bytes, headers not counted. */
    private static final long MAX_ZSTD_RATIO = 32 * 1024;

    /**
     * Reads the headers of an answer with status 200.
     *
     * @param zstdAccepted whether it may be coded
     * @throws IllegalArgumentException that says why it cannot be an object
     */
    static ObjectHeaders of(HttpResponse response, boolean zstdAccepted) {
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            throw new IllegalArgumentException("it answered with a web page: check the URL");
        }
        String coding = response.header("Content-Encoding");
        boolean coded = zstdAccepted && WireHeaders.ZSTD.equalsIgnoreCase(coding);
        if (coding != null && !coded && !coding.equalsIgnoreCase("identity")) {
            throw new IllegalArgumentException(
                    "it answered in the content coding " + coding + ", which was not asked for");
        }
        String output = response.header(WireHeaders.OUTPUT_ID);
        if (output == null || output.length() != SHA256_HEX) {
            throw new IllegalArgumentException(
                    "it answered without a valid " + WireHeaders.OUTPUT_ID + ": check the URL");
        }
        long length = response.contentLength();
        if (length < 0) {
            throw new IllegalArgumentException("it answered without a Content-Length");
        }
        long size = coded ? uncompressed(response, length) : length;
        return new ObjectHeaders(
                new OutputId(output), size, coded, time(response.header(WireHeaders.ENTRY_TIME)));
    }

    private static long uncompressed(HttpResponse response, long length) {
        long size = response.bytesIn(WireHeaders.UNCOMPRESSED_LENGTH);
        if (size < 0 || size / MAX_ZSTD_RATIO > length) {
            throw new IllegalArgumentException(
                    "it answered in zstd without a valid " + WireHeaders.UNCOMPRESSED_LENGTH);
        }
        return size;
    }

    private static long time(@Nullable String text) {
        return text == null ? System.currentTimeMillis() * 1_000_000L : Rfc3339.parse(text);
    }
}
