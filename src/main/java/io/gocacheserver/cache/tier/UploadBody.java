package io.gocacheserver.cache.tier;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes that are sent for an object.
 *
 * @param coding in which it is sent: the one in which it is stored, or {@link Coding#IDENTITY}
 * @param md5 of what is sent, lower-case hex
 */
public record UploadBody(Content content, Coding coding, String md5, String identityMd5) {

    public long length() {
        return isAsStored() ? content.storedSize() : content.size();
    }

    /** The bytes to send, from the first on; any number of times. The caller closes the stream. */
    public InputStream open() throws IOException {
        return isAsStored() ? content.openStored() : content.open();
    }

    private boolean isAsStored() {
        return coding == content.coding();
    }
}
