package io.gocacheserver.web.content;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.model.OutputId;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

/**
 * The form in which a client gets an object (RFC 9110, 3.2): its own bytes, or the zstd frame as which it is stored. Each
 * form has its length and its entity tag.
 */
public record Representation(OutputId output, Content content, Coding coding) {

    /** The stored bytes, if the client accepts their coding; else the object's own bytes. */
    public static Representation forClient(
            HttpServletRequest request, OutputId output, Content content) {
        boolean coded = content.coding() == Coding.ZSTD && AcceptEncoding.allowsZstd(request);
        return new Representation(output, content, coded ? Coding.ZSTD : Coding.IDENTITY);
    }

    public boolean isAsStored() {
        return coding == content.coding();
    }

    public long length() {
        return isAsStored() ? content.storedSize() : content.size();
    }

    /** Its entity tag (RFC 9110, 8.8.3): the output ID, for the object's own bytes can be no others than that says. */
    public String tag() {
        return switch (coding) {
            case IDENTITY -> '"' + output.hex() + '"';
            case ZSTD -> '"' + output.hex() + "-zstd\"";
        };
    }

    /** Says which representation it is; if the client has it already, that is the whole answer, and the result is true. */
    public boolean isWithClient(HttpServletRequest request, HttpServletResponse response) {
        String tag = tag();
        response.setHeader("ETag", tag);
        if (matches(request.getHeader("If-None-Match"), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return true;
        }
        return false;
    }

    /** Whether a list of tags, as in If-None-Match, names {@code tag} or is {@code *}. Weak comparison. */
    public static boolean matches(@Nullable String list, String tag) {
        if (list == null) {
            return false;
        }
        for (String candidate : list.split(",", -1)) {
            String trimmed = candidate.strip();
            if (trimmed.equals("*") || trimmed.equals(tag) || trimmed.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }
}
