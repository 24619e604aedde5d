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
 * @param unixNanos when the action was put; now, if the service does not say
 */
record ObjectHeaders(OutputId output, long size, long unixNanos) {

    private static final int SHA256_HEX = 64;

    /**
     * Reads the headers of an answer with status 200.
     *
     * @throws IllegalArgumentException that says why it cannot be an object
     */
    static ObjectHeaders of(HttpResponse response) {
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            throw new IllegalArgumentException("it answered with a web page: check the URL");
        }
        String coding = response.header("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new IllegalArgumentException(
                    "it answered in the content coding " + coding + ", which was not asked for");
        }
        String output = response.header(WireHeaders.OUTPUT_ID);
        if (output == null || output.length() != SHA256_HEX) {
            throw new IllegalArgumentException(
                    "it answered without a valid " + WireHeaders.OUTPUT_ID + ": check the URL");
        }
        if (response.contentLength() < 0) {
            throw new IllegalArgumentException("it answered without a Content-Length");
        }
        return new ObjectHeaders(
                new OutputId(output),
                response.contentLength(),
                time(response.header(WireHeaders.ENTRY_TIME)));
    }

    private static long time(@Nullable String text) {
        return text == null ? System.currentTimeMillis() * 1_000_000L : Rfc3339.parse(text);
    }
}
