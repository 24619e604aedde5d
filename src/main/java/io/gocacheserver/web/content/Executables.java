package io.gocacheserver.web.content;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.wire.ExecutableContent;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletRequest;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * Keeps executables from clients that do not say that they store them so that they run. {@code go run}, {@code go tool}
 * and {@code go generate} run what their cache has for a link action, and fail on a plain file; a miss makes them link.
 * Since such entries may have been put at any time and by anybody, the content tells, not the index.
 */
public final class Executables {

    /** Objects up to this size in bytes are decoded whole: as much as an answer may take without a reservation. */
    private static final int MAX_DECODED = 16 * 1024;

    private Executables() {}

    public static boolean areWanted(HttpServletRequest request) {
        return WireHeaders.WANT_EXECUTABLE_YES.equals(
                request.getHeader(WireHeaders.WANT_EXECUTABLE));
    }

    /**
     * The same, but a miss in place of an executable. A hit's content takes the place of the one that is given, decoded if that
     * was needed and the client wants it so.
     */
    public static Lookup hide(Hit hit, Coding wanted, SmallFrames frames) {
        byte[] head = new byte[ExecutableContent.HEAD_LENGTH];
        try {
            if (hit.content() instanceof Content.InMemory memory && memory.size() <= MAX_DECODED) {
                byte[] object = frames.bytes(memory, Coding.IDENTITY);
                Hit decoded =
                        wanted == memory.coding()
                                ? hit
                                : new Hit(hit.entry(), new Content.InMemory(object), hit.tier());
                return hideIf(object, object.length, decoded);
            }
            if (hit.content() instanceof Content.Streamed streamed) {
                PushbackInputStream stream =
                        new PushbackInputStream(streamed.stream(), head.length);
                int length = stream.readNBytes(head, 0, head.length);
                stream.unread(head, 0, length);
                Content again = new Content.Streamed(stream, streamed.size());
                return hideIf(head, length, new Hit(hit.entry(), again, hit.tier()));
            }
            try (InputStream in = hit.content().open()) {
                return hideIf(head, in.readNBytes(head, 0, head.length), hit);
            }
        } catch (IOException | RuntimeException e) {
            // Sending it will fail too, and answer with an error.
            return hit;
        }
    }

    private static Lookup hideIf(byte[] head, int length, Hit hit) {
        if (!ExecutableContent.isExecutable(head, length)) {
            return hit;
        }
        hit.content().discard();
        return Lookup.miss();
    }
}
