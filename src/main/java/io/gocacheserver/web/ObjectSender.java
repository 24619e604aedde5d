package io.gocacheserver.web;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.web.content.ByteRange;
import io.gocacheserver.web.content.ContentReader;
import io.gocacheserver.web.content.ContentReader.UnreadableContentException;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.web.content.SmallFrames;
import io.gocacheserver.wire.WireHeaders;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.coyote.CloseNowException;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Sends an object, or a part of it. A file whose bytes are sent unchanged goes by sendfile where the connection allows
 * that, which costs a fifth of copying. Where bytes are copied, the last ones are sent only after the content has been read
 * to its end, when decoders and verified streams find errors: a client never gets a whole answer with wrong bytes.
 */
@Component
public final class ObjectSender {

    private static final String SENDFILE_SUPPORTED = "org.apache.tomcat.sendfile.support";
    private static final String SENDFILE_NAME = "org.apache.tomcat.sendfile.filename";
    private static final String SENDFILE_START = "org.apache.tomcat.sendfile.start";
    private static final String SENDFILE_END = "org.apache.tomcat.sendfile.end";
    static final String OCTETS = "application/octet-stream";
    private static final int BUFFER_SIZE = 64 * 1024;

    /** Memory that an answer may take without a reservation. Most take no more. */
    private static final long FREE_BYTES = 16 * 1024;

    /** Memory of an answer that is copied piece by piece: the buffer, and a decoder. */
    private static final long COPY_BYTES = 256 * 1024;

    private final Traffic traffic;
    private final RequestMemory memory;
    private final SmallFrames frames;

    ObjectSender(Traffic traffic, RequestMemory memory, SmallFrames frames) {
        this.traffic = traffic;
        this.memory = memory;
        this.frames = frames;
    }

    /** Says which representation of an object this is, and sends it unless the client has it already. */
    public void sendWhole(Exchange http, OutputId output, Content content, String contentType)
            throws IOException, TierException {
        Representation representation = Representation.forClient(http.request(), output, content);
        if (!representation.isWithClient(http.request(), http.response())) {
            send(http, representation, new ByteRange.Whole(), contentType);
        }
    }

    /**
     * Sends the bytes of this range, with the headers that say what they are; nothing but the headers if the request is a HEAD.
     *
     * @throws TierException if the object cannot be read; the answer has not begun, and its headers are taken back
     * @throws CloseNowException if it cannot be read after that: Tomcat closes the connection
     */
    void send(Exchange http, Representation representation, ByteRange range, String contentType)
            throws IOException, TierException {
        HttpServletRequest request = http.request();
        HttpServletResponse response = http.response();
        long length = range.length(representation.length());
        long size = representation.content().size();
        boolean isCoded = representation.coding() != Coding.IDENTITY;
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(contentType);
        response.setContentLengthLong(length);
        if (isCoded) {
            response.setHeader("Content-Encoding", WireHeaders.ZSTD);
            response.setHeader(WireHeaders.UNCOMPRESSED_LENGTH, Long.toString(size));
        }
        if (length == 0 || request.getMethod().equals("HEAD")) {
            return;
        }
        Traffic.meterOf(request).accept(length);
        try {
            sendBody(http, representation, range.start(), length);
        } catch (UnreadableContentException e) {
            String message =
                    "read object %s: %s".formatted(representation.output(), e.getMessage());
            if (response.isCommitted()) {
                throw new CloseNowException(message, e);
            }
            response.reset();
            throw representation.content() instanceof Content.Streamed
                    ? new TierException.Remote(TierException.Remote.Kind.UNAVAILABLE, message, e)
                    : new TierException.LocalRead(message, e);
        }
        traffic.sent(length, isCoded ? size : length);
    }

    private void sendBody(Exchange http, Representation representation, long start, long length)
            throws IOException {
        HttpServletRequest request = http.request();
        Coding coding = representation.coding();
        switch (representation.content()) {
            case Content.InMemory small when SmallFrames.areSmall(small, coding) -> {
                long bytes = representation.length();
                try (var _ = bytes <= FREE_BYTES ? null : memory.reserve(request, bytes)) {
                    byte[] object = frames.bytes(small, coding);
                    http.response().getOutputStream().write(object, (int) start, (int) length);
                }
            }
            case Content.InFile file when canSendFile(request, representation) -> {
                request.setAttribute(SENDFILE_NAME, file.path().toString());
                request.setAttribute(SENDFILE_START, start);
                request.setAttribute(SENDFILE_END, start + length);
            }
            case Content.InMemory _, Content.InFile _, Content.Streamed _ -> {
                try (var _ = memory.reserve(request, COPY_BYTES);
                        ContentReader in = ContentReader.open(representation, start)) {
                    copy(in, representation, start, length, http.response().getOutputStream());
                }
            }
        }
    }

    /** Not where there is a body: one that is not read ends the connection before sendfile has sent the answer. */
    private static boolean canSendFile(HttpServletRequest request, Representation representation) {
        return representation.isAsStored()
                && request.getContentLengthLong() <= 0
                && request.getHeader("Transfer-Encoding") == null
                && Boolean.TRUE.equals(request.getAttribute(SENDFILE_SUPPORTED));
    }

    private static void copy(
            ContentReader in,
            Representation representation,
            long start,
            long length,
            OutputStream out)
            throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_SIZE, length)];
        long left = length;
        while (left > 0) {
            int n = (int) Math.min(buffer.length, left);
            in.read(buffer, n);
            left -= n;
            if (left == 0 && start + length == representation.length()) {
                in.requireEnd();
            } else if (left == 0 && representation.content() instanceof Content.Streamed) {
                in.readToEnd(); // only then it verifies itself; files were verified on disk
            }
            out.write(buffer, 0, n);
        }
    }
}
