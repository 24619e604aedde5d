package io.gocacheserver.cache.tier;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tier that all replicas share. Its answers are not trusted: the cache verifies each object. Its contents are {@link
 * Content.Streamed}, to be opened and closed by the caller, or {@linkplain Content#discard discarded}.
 */
public interface RemoteTier extends Tier {

    enum Offer {
        FOUND,
        SENT
    }

    /** In which coding this tier wants to be sent an object: the one in which it is stored, or {@link Coding#IDENTITY}. */
    Coding codingFor(Content content);

    /**
     * Stores an object unless the tier already has it.
     *
     * @param body in the coding that {@link #codingFor} says
     */
    Offer putObject(OutputId output, UploadBody body, Duration timeout) throws TierException;

    void putAction(Entry entry, Duration timeout) throws TierException;

    /**
     * A file of a Go module, which is known by its name alone: the key is the SHA-256 of that, in a namespace's {@linkplain
     * io.gocacheserver.model.Namespace#modules part for modules}.
     *
     * @param sha256 of the bytes, or null if whoever wrote it did not say
     */
    record RemoteFile(Content content, @Nullable OutputId sha256, Instant time, Provenance by) {}

    Optional<RemoteFile> file(ActionKey name) throws TierException;

    void putFile(Entry file, UploadBody body, Duration timeout) throws TierException;

    /**
     * The entries of a writer, as far as the tier's records say who wrote them. Reads as many records as were written in the
     * time that is asked for, and holds few of them at once.
     *
     * @param found gets each of them, in any order, and may delete it
     */
    void written(WrittenBy query, Consumer<Entry> found) throws TierException;

    void deleteAction(ActionKey action, Duration timeout) throws TierException;

    /** Removes an object, in whatever coding it is stored. No error if there is none. */
    void deleteObject(OutputId output, Duration timeout) throws TierException;

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
}
