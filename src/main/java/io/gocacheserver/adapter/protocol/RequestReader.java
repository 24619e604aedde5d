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
     * @throws EndOfInputException if stdin closes within a request
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
        boolean more = json.peekToken() != '}';
        if (!more) {
            json.next();
        }
        while (more) {
            json.readString("to start a field's name");
            if (json.isName("ID")) {
                colon();
                id = json.readLong("as ID");
            } else if (json.isName("Command")) {
                colon();
                json.readString("to start the command");
                command = json.string();
            } else if (json.isName("ActionID")) {
                colon();
                action = readBytes();
            } else if (json.isName("OutputID") || json.isName("ObjectID")) {
                colon();
                byte @Nullable [] value = readBytes();
                output = value == null ? output : value;
            } else if (json.isName("BodySize")) {
                colon();
                bodySize = json.readLong("as BodySize");
            } else {
                colon();
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
            throw new ProtocolException(
                    "stdin is not the Go command's GOCACHEPROG protocol: a request has no ID");
        }
        boolean hasBody = bodySize > 0;
        return switch (command) {
            case "get" ->
                    action == null || action.length != ID_BYTES
                            ? new Request.Invalid(id, wrongId("get", "ActionID", action), hasBody)
                            : new Request.Get(id, ActionId.of(action));
            case "put" -> {
                if (action == null || action.length != ID_BYTES) {
                    yield new Request.Invalid(id, wrongId("put", "ActionID", action), hasBody);
                }
                if (output == null || output.length != ID_BYTES) {
                    yield new Request.Invalid(id, wrongId("put", "OutputID", output), hasBody);
                }
                if (bodySize < 0) {
                    yield new Request.Invalid(id, "put with a BodySize of " + bodySize, false);
                }
                yield new Request.Put(id, ActionId.of(action), OutputId.of(output), bodySize);
            }
            case "close" -> new Request.Close(id);
            default -> new Request.Invalid(id, "unknown command \"" + command + '"', hasBody);
        };
    }

    private static String wrongId(String command, String field, byte @Nullable [] value) {
        return value == null
                ? command + " without " + field + " in base64"
                : command + " with a " + field + " of " + value.length + " bytes, not " + ID_BYTES;
    }

    private void colon() throws IOException {
        json.expect(':', "after a field's name");
    }

    /** A base64 string; null for anything that is none. */
    private byte @Nullable [] readBytes() throws IOException {
        if (json.peekToken() != '"') {
            json.skipValue();
            return null;
        }
        json.readString("to start an ID");
        try {
            return Base64.getDecoder().decode(json.stringBytes());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
