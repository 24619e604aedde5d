package io.gocacheserver.adapter.protocol;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/**
 * Reads the Go command's requests: JSON objects with blank lines between them, each put followed by its body. The shape
 * is that of {@code cmd/go/internal/cacheprog}; Go 1.21 to 1.23 wrote {@code ObjectID} for {@code OutputID}. Names of fields
 * may have any case. Unknown fields are skipped.
 */
public final class RequestReader {

    private static final int ID_BYTES = 32;

    private final JsonInput json;

    public RequestReader(InputStream in) {
        this.json = new JsonInput(in);
    }

    /**
     * The next request, or null when stdin has closed between two requests. The body of the one before must have been
     * read.
     *
     * @throws ProtocolException if the input is no JSON, or not of the protocol's shape
     * @throws java.io.EOFException if stdin closes within a request
     */
    public @Nullable Request next() throws IOException {
        if (json.peekToken() < 0) {
            return null;
        }
        json.expect('{', "to start a request");
        long id = -1;
        long bodySize = 0;
        String command = "";
        byte @Nullable [] action = null;
        byte @Nullable [] output = null;
        boolean more = true;
        while (more) {
            String name = json.readString("to start a field's name");
            json.expect(':', "after a field's name");
            if (name.equalsIgnoreCase("ID")) {
                id = json.readLong("as ID");
            } else if (name.equalsIgnoreCase("Command")) {
                command = json.readString("to start the command");
            } else if (name.equalsIgnoreCase("ActionID")) {
                action = readBytes();
            } else if (name.equalsIgnoreCase("OutputID") || name.equalsIgnoreCase("ObjectID")) {
                byte @Nullable [] value = readBytes();
                output = value == null ? output : value;
            } else if (name.equalsIgnoreCase("BodySize")) {
                bodySize = json.readLong("as BodySize");
            } else {
                json.skipValue();
            }
            more = json.peekToken() == ',';
            if (more) {
                json.next();
            } else {
                json.expect('}', "or ',' after a field");
            }
        }
        return request(id, command, action, output, bodySize);
    }

    /** The body of the put just read. To be called only if its size is not 0. */
    public Base64Body body() throws IOException {
        return new Base64Body(json);
    }

    private static Request request(
            long id,
            String command,
            byte @Nullable [] action,
            byte @Nullable [] output,
            long bodySize)
            throws ProtocolException {
        if (id < 0) {
            throw new ProtocolException("a request has no ID");
        }
        boolean isPut = command.equals("put");
        String wrong = null;
        if (!isPut && !command.equals("get") && !command.equals("close")) {
            wrong = "unknown command \"" + command + '"';
        } else if (command.equals("close")) {
            return new Request.Close(id);
        } else if (action == null || action.length != ID_BYTES) {
            wrong = wrongId(command, "ActionID", action);
        } else if (!isPut) {
            return new Request.Get(id, ActionId.of(action));
        } else if (output == null || output.length != ID_BYTES) {
            wrong = wrongId(command, "OutputID", output);
        } else if (bodySize < 0) {
            wrong = "put with a BodySize of " + bodySize;
        } else {
            return new Request.Put(id, ActionId.of(action), OutputId.of(output), bodySize);
        }
        return new Request.Invalid(id, wrong, bodySize > 0);
    }

    private static String wrongId(String command, String field, byte @Nullable [] value) {
        return value == null
                ? command + " without " + field + " in base64"
                : command + " with a " + field + " of " + value.length + " bytes, not " + ID_BYTES;
    }

    /** A base64 string; null for anything that is none. */
    private byte @Nullable [] readBytes() throws IOException {
        if (json.peekToken() != '"') {
            json.skipValue();
            return null;
        }
        try {
            return Base64.getDecoder().decode(json.readString("to start an ID"));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
