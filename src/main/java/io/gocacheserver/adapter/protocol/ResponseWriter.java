package io.gocacheserver.adapter.protocol;

import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.adapter.text.Rfc3339;
import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Writes answers to the Go command, one JSON line and one {@code write} each, from any thread. The fields are those of
 * {@code cacheprog.Response}.
 */
public final class ResponseWriter {

    private final OutputStream out;

    /** @param out unbuffered: each answer is written at once */
    public ResponseWriter(OutputStream out) {
        this.out = out;
    }

    public void greet() throws IOException {
        JsonText line = answer(0);
        line.strings("KnownCommands", List.of("get", "put", "close"));
        write(line);
    }

    public void hit(long id, OutputId output, long size, long unixNanos, String diskPath)
            throws IOException {
        JsonText line = answer(id);
        line.string("OutputID", Base64.getEncoder().encodeToString(output.bytes()));
        line.number("Size", size);
        line.string("Time", Rfc3339.format(unixNanos));
        line.string("DiskPath", diskPath);
        write(line);
    }

    public void miss(long id) throws IOException {
        JsonText line = answer(id);
        line.object("Miss", "true");
        write(line);
    }

    public void stored(long id, String diskPath) throws IOException {
        JsonText line = answer(id);
        line.string("DiskPath", diskPath);
        write(line);
    }

    public void error(long id, String message) throws IOException {
        JsonText line = answer(id);
        line.string("Err", message);
        write(line);
    }

    public void closed(long id) throws IOException {
        write(answer(id));
    }

    private static JsonText answer(long id) {
        JsonText line = new JsonText();
        line.number("ID", id);
        return line;
    }

    private synchronized void write(JsonText line) throws IOException {
        out.write((line.end() + '\n').getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
