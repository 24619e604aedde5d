package io.gocacheserver.adapter.protocol;

import io.gocacheserver.adapter.text.Rfc3339;
import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes answers to the Go command, one JSON line and one {@code write} each, from any thread. The fields are those of
 * {@code cacheprog.Response}.
 */
public final class ResponseWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private byte[] line = new byte[1024];
    private int length;

    /** @param out unbuffered: each answer is written at once */
    public ResponseWriter(OutputStream out) {
        this.out = out;
    }

    /** The first line: which commands this program knows. */
    public synchronized void greet() throws IOException {
        start(0).raw(",\"KnownCommands\":[\"get\",\"put\",\"close\"]").finish();
    }

    /** A get's object is in the file {@code diskPath}. */
    public synchronized void hit(
            long id, OutputId output, long size, long unixNanos, String diskPath)
            throws IOException {
        start(id).raw(",\"OutputID\":\"").bytes(Base64.getEncoder().encode(output.bytes()));
        raw("\",\"Size\":").raw(Long.toString(size));
        raw(",\"Time\":\"").raw(Rfc3339.format(unixNanos));
        raw("\",\"DiskPath\":").string(diskPath).finish();
    }

    /** A get found nothing. */
    public synchronized void miss(long id) throws IOException {
        start(id).raw(",\"Miss\":true").finish();
    }

    /** A put's object is in the file {@code diskPath}. */
    public synchronized void stored(long id, String diskPath) throws IOException {
        start(id).raw(",\"DiskPath\":").string(diskPath).finish();
    }

    /** The request has failed. */
    public synchronized void error(long id, String message) throws IOException {
        start(id).raw(",\"Err\":").string(message).finish();
    }

    /** A close has been carried out. */
    public synchronized void closed(long id) throws IOException {
        start(id).finish();
    }

    private ResponseWriter start(long id) {
        length = 0;
        return raw("{\"ID\":").raw(Long.toString(id));
    }

    private void finish() throws IOException {
        raw("}\n");
        out.write(line, 0, length);
        out.flush();
    }

    private ResponseWriter raw(String ascii) {
        int end = length + ascii.length();
        ensure(end);
        for (int i = 0; i < ascii.length(); i++) {
            line[length + i] = (byte) ascii.charAt(i);
        }
        length = end;
        return this;
    }

    private ResponseWriter bytes(byte[] ascii) {
        ensure(length + ascii.length);
        System.arraycopy(ascii, 0, line, length, ascii.length);
        length += ascii.length;
        return this;
    }

    private ResponseWriter string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ensure(length + 6 * utf8.length + 2);
        line[length++] = '"';
        for (byte b : utf8) {
            if (b == '"' || b == '\\') {
                line[length++] = '\\';
                line[length++] = b;
            } else if (b >= 0 && b < ' ') {
                raw("\\u00");
                line[length++] = HEX[b >> 4];
                line[length++] = HEX[b & 15];
            } else {
                line[length++] = b;
            }
        }
        line[length++] = '"';
        return this;
    }

    private void ensure(int capacity) {
        if (capacity > line.length) {
            line = Arrays.copyOf(line, Math.max(capacity, 2 * line.length));
        }
    }
}
