package io.gocacheserver.web.content;

import io.gocacheserver.cache.tier.Content;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Reads a representation from some offset on. Whatever goes wrong, in whatever way, is an {@link
 * UnreadableContentException}, so that it is not taken for a client that has hung up.
 */
public final class ContentReader implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ContentReader.class);

    private final InputStream in;

    private ContentReader(InputStream in) {
        this.in = in;
    }

    public static ContentReader open(Representation representation, long start)
            throws UnreadableContentException {
        ContentReader reader = new ContentReader(openWhole(representation));
        try {
            reader.in.skipNBytes(start);
            return reader;
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw new UnreadableContentException(e);
        }
    }

    /** Reads this many bytes, to the beginning of a buffer. */
    public void read(byte[] buffer, int length) throws UnreadableContentException {
        read(buffer, 0, length);
    }

    /** Reads this many bytes. */
    public void read(byte[] buffer, int offset, int length) throws UnreadableContentException {
        try {
            int n = in.readNBytes(buffer, offset, length);
            if (n < length) {
                throw new EOFException("it ended %d bytes early".formatted(length - n));
            }
        } catch (IOException | RuntimeException e) {
            throw new UnreadableContentException(e);
        }
    }

    /** Reads what is left, which makes contents that verify themselves do so. */
    public void readToEnd() throws UnreadableContentException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | RuntimeException e) {
            throw new UnreadableContentException(e);
        }
    }

    /** Fails unless all has been read. */
    public void requireEnd() throws UnreadableContentException {
        try {
            if (in.read() >= 0) {
                throw new IOException("it has more bytes than were recorded");
            }
        } catch (IOException | RuntimeException e) {
            throw new UnreadableContentException(e);
        }
    }

    /** All that was wanted has been read, or reading has failed anyway. */
    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            log.debug("closing an object", e);
        }
    }

    private static InputStream openWhole(Representation representation)
            throws UnreadableContentException {
        try {
            Content content = representation.content();
            return representation.isAsStored() ? content.openStored() : content.open();
        } catch (IOException | RuntimeException e) {
            throw new UnreadableContentException(e);
        }
    }
}
