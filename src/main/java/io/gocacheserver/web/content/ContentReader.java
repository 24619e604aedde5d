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

    private interface Reading<T> {
        T run() throws IOException;
    }

    private ContentReader(InputStream in) {
        this.in = in;
    }

    public static ContentReader open(Representation representation, long start)
            throws UnreadableContentException {
        Content content = representation.content();
        ContentReader reader =
                new ContentReader(
                        reading(representation.isAsStored() ? content::openStored : content::open));
        try {
            reader.in.skipNBytes(start);
            return reader;
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw new UnreadableContentException(e);
        }
    }

    public void read(byte[] buffer, int length) throws UnreadableContentException {
        reading(
                () -> {
                    int n = in.readNBytes(buffer, 0, length);
                    if (n < length) {
                        throw new EOFException("it ended %d bytes early".formatted(length - n));
                    }
                    return n;
                });
    }

    /** Reads what is left, which makes contents that verify themselves do so. */
    public void readToEnd() throws UnreadableContentException {
        reading(() -> in.transferTo(OutputStream.nullOutputStream()));
    }

    public void requireEnd() throws UnreadableContentException {
        if (reading(in::read) >= 0) {
            throw new UnreadableContentException(
                    new IOException("it has more bytes than were recorded"));
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

    private static <T> T reading(Reading<T> reading) throws UnreadableContentException {
        try {
            return reading.run();
        } catch (IOException | RuntimeException e) {
            throw new UnreadableContentException(e);
        }
    }

    /** An object that the cache has cannot be read: its file is gone, its frame is damaged, the connection to S3 broke. */
    public static final class UnreadableContentException extends IOException {

        private static final long serialVersionUID = 1L;

        UnreadableContentException(Exception cause) {
            super(cause.toString(), cause);
        }
    }
}
