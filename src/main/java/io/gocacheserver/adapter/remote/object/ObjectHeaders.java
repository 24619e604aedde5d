package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.remote.access.StatusText;
import io.gocacheserver.adapter.text.Rfc3339;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.WireHeaders;

import org.jspecify.annotations.Nullable;

/** The description of an object in the headers of a hit. A captive portal's 200 has none of them. */
final class ObjectHeaders {

    private static final int SHA256_HEX = 64;

    private ObjectHeaders() {}

    /**
     * Reads the headers of an answer with status 200. One that does not say when the action was put counts as put now.
     *
     * @param zstdAccepted whether it may be coded
     * @throws IllegalArgumentException that says why it cannot be an object
     */
    static AnnouncedObject read(HttpResponse response, boolean zstdAccepted) {
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            throw new IllegalArgumentException("it answered with a web page: check the URL");
        }
        String coding = response.header("Content-Encoding");
        boolean coded = zstdAccepted && WireHeaders.ZSTD.equalsIgnoreCase(coding);
        if (coding != null && !coded && !coding.equalsIgnoreCase("identity")) {
            throw new IllegalArgumentException(
                    "it answered in the content coding "
                            + StatusText.printable(coding)
                            + ", which was not asked for");
        }
        OutputId output = outputId(response.header(WireHeaders.OUTPUT_ID));
        long length = response.contentLength();
        if (length < 0) {
            throw new IllegalArgumentException("it answered without a Content-Length");
        }
        long size = coded ? uncompressed(response) : length;
        return new AnnouncedObject(
                output, size, length, coded, time(response.header(WireHeaders.ENTRY_TIME)));
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

    private static long uncompressed(HttpResponse response) {
        long size = response.bytesIn(WireHeaders.UNCOMPRESSED_LENGTH);
        if (size < 0) {
            throw new IllegalArgumentException(
                    "it answered in zstd without a valid " + WireHeaders.UNCOMPRESSED_LENGTH);
        }
        return size;
    }

    private static long time(@Nullable String text) {
        try {
            return text == null ? System.currentTimeMillis() * 1_000_000L : Rfc3339.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "it answered without a valid " + WireHeaders.ENTRY_TIME, e);
        }
    }
}
